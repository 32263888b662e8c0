package dev.tiebreak.trainer.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.CodeVersion;
import dev.tiebreak.trainer.lab.train.RunManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code registration.json}: what was fixed, by its hashes, and every later change with its reason.
 * Nothing in it is ever replaced; a copy of each plan and of its prompts is kept in {@code
 * registered/}.
 *
 * @param entries the registration and its amendments, the oldest first; the last one counts
 */
public record Registration(List<Entry> entries) {
  /** The file. */
  private static final Artifact<Registration> FORMAT =
      Artifact.of(Registration.class, "the registration", "restore it from a copy")
          .version("tiebreak-registration", 1);

  /** Copies the list. */
  public Registration {
    entries = List.copyOf(entries);
    Check.argument(!entries.isEmpty(), "entries are missing");
  }

  /**
   * What was fixed at one time. All hashes are SHA-256.
   *
   * @param time when, as an ISO-8601 instant
   * @param reason of the amendment; empty for the first
   * @param planHash of the bytes of {@code study.toml}
   * @param promptsHash of the bytes of the prompts' file
   * @param data the text and its tokens
   * @param code what is to run
   * @param runs with the hashes of their resolved configurations
   * @param begun runs that had begun before: what is in them was known
   */
  public record Entry(
      String time,
      String reason,
      @JsonProperty("plan_sha256") String planHash,
      @JsonProperty("prompts_sha256") String promptsHash,
      RunManifest.Data data,
      CodeVersion code,
      List<Run> runs,
      @JsonProperty("begun_before") List<RunId> begun) {
    /** A run. */
    public record Run(@JsonUnwrapped RunId id, @JsonProperty("config_sha256") String configHash) {}

    /** Copies the collections. */
    public Entry {
      runs = List.copyOf(runs);
      begun = List.copyOf(begun);
    }

    /** What a study is now. */
    static Entry of(Study study, Dataset data, String reason) {
      List<Run> runs = new ArrayList<>();
      study.plan().configs().forEach((run, config) -> runs.add(new Run(run, config.hash())));
      return new Entry(
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          reason,
          Sha256.of(study.folder().plan()),
          Sha256.of(study.folder().prompts(study.plan())),
          RunManifest.Data.of(data),
          CodeVersion.current(),
          runs,
          study.folder().begunRuns());
    }

    /** The hash of every run's resolved configuration. */
    public Map<RunId, String> configHashes() {
      Map<RunId, String> hashes = new HashMap<>();
      runs.forEach(run -> hashes.put(run.id, run.configHash));
      return hashes;
    }

    /** What of another entry is different, in a few words each; the time does not count. */
    List<String> differences(Entry other) {
      List<String> different = new ArrayList<>();
      note(different, planHash, other.planHash, "the plan " + StudyFolder.PLAN);
      note(different, promptsHash, other.promptsHash, "the prompts");
      note(different, configHashes(), other.configHashes(), "the resolved configurations");
      note(different, data, other.data, "the text");
      note(different, code, other.code, "the program");
      return different;
    }

    private static void note(List<String> different, Object a, Object b, String what) {
      if (!a.equals(b)) {
        different.add(what);
      }
    }
  }

  /** The entry that counts. */
  public Entry current() {
    return entries.getLast();
  }

  /** A registration with one entry more than it had, if there was one. */
  static Registration with(Optional<Registration> before, Entry entry) {
    List<Entry> entries = new ArrayList<>(before.map(Registration::entries).orElse(List.of()));
    entries.add(entry);
    return new Registration(entries);
  }

  /**
   * Checks that plan, prompts and every resolved configuration are the registered ones.
   *
   * @throws UserError if not, with what changed
   */
  void requireUnchanged(Study study) {
    Entry registered = current();
    Map<RunId, String> configs = registered.configHashes();
    Path plan = study.folder().plan();
    Path prompts = study.folder().prompts(study.plan());
    if (!Sha256.of(plan).equals(registered.planHash)) {
      throw changed(study.folder(), plan + " has changed", firstDifference(study.folder(), plan));
    }
    if (!Sha256.of(prompts).equals(registered.promptsHash)) {
      throw changed(study.folder(), prompts + " has changed", "");
    }
    study
        .plan()
        .configs()
        .forEach((run, config) -> {
          if (!config.hash().equals(configs.get(run))) {
            throw changed(
                study.folder(),
                Words.of("the configuration of %s, resolved from %s, has changed", run, plan),
                ", in a file that [base] extends or with a preset of this program");
          }
        });
  }

  /** Checks that the text is the registered one. */
  void requireData(Dataset data, StudyFolder folder) {
    RunManifest.Data now = RunManifest.Data.of(data);
    RunManifest.Data then = current().data;
    if (!now.equals(then)) {
      throw changed(
          folder,
          "the text of the study has changed",
          Words.of(" (SHA-256 %.8s..., registered was %.8s...)", now.textHash(), then.textHash()));
    }
  }

  /**
   * Checks that the program is the registered one: another may train to other bytes.
   *
   * @throws UserError if not
   */
  public void requireCode(StudyFolder folder) {
    CodeVersion now = CodeVersion.current();
    if (!now.equals(current().code)) {
      throw changed(
          folder,
          "this is another program than the registered one",
          Words.of(
              " (%s, classes %.8s...; registered was %s, classes %.8s...)",
              now.version(), now.sha256(), current().code.version(), current().code.sha256()));
    }
  }

  private static UserError changed(StudyFolder folder, String what, String detail) {
    return new UserError(
        Words.of(
            "%s since the study was registered%s; undo that, or amend the registration and say why",
            what, detail),
        Remedy.step(Remedy.Kind.AMEND, folder.path()));
  }

  /** Where the plan and the copy of the registered one part, to be read after "has changed". */
  private String firstDifference(StudyFolder folder, Path plan) {
    try {
      List<String> now = Files.readAllLines(plan);
      List<String> then =
          Files.readAllLines(copies(folder, entries.size()).resolve(StudyFolder.PLAN));
      int line = 0;
      while (line < now.size() && line < then.size() && now.get(line).equals(then.get(line))) {
        line++;
      }
      return Words.of(
          ", first in line %d: %s",
          line + 1, line < now.size() ? now.get(line).strip() : "(missing)");
    } catch (IOException e) {
      return ""; // the copy is for people only
    }
  }

  /** Where the copies of entry number n lie, counted from 1. */
  static Path copies(StudyFolder folder, int number) {
    return folder.registered().resolve(Integer.toString(number));
  }

  /** Writes the copies of the last entry's files, then the registration itself. */
  void write(Study study) {
    StudyFolder folder = study.folder();
    Path copies = copies(folder, entries.size());
    try {
      Files.createDirectories(copies);
      AtomicFiles.writeString(copies.resolve(StudyFolder.PLAN), Files.readString(folder.plan()));
      AtomicFiles.writeString(
          copies.resolve("prompts.jsonl"), Files.readString(folder.prompts(study.plan())));
      FORMAT.write(folder.registration(), this);
    } catch (IOException e) {
      throw UserError.io("write the registration", folder.registration(), e);
    }
  }

  /**
   * Reads a study's registration, if it has one.
   *
   * @throws UserError if the file is damaged or of another version
   */
  static Optional<Registration> load(StudyFolder folder) {
    return FORMAT.readIfThere(folder.registration());
  }

  /** The latest entry for a person. */
  public String toText(Study study) {
    Entry now = current();
    String text =
        Words.of(
            """
            Registered %s in %s:
              plan      %s
              prompts   %s   %d
              text      %s   %,d tokens
              program   %s
              runs      %d configurations
            """,
            entries.size() == 1 ? study.plan().name() : "amendment " + (entries.size() - 1),
            study.folder().registration(),
            shortened(now.planHash()),
            shortened(now.promptsHash()),
            study.promptTexts().all().size(),
            shortened(now.data().tokensHash()),
            now.data().trainTokens() + now.data().validationTokens(),
            shortened(now.code().sha256()),
            now.configHashes().size());
    return now.begun().isEmpty()
        ? text
        : text
            + Words.of(
                "%d of the runs had begun before; that is recorded, and what they show was not foreseen.\n",
                now.begun().size());
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }
}
