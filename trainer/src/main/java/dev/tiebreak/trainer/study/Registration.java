package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Remedy;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code registration.json}: what was fixed, by its hashes, and every later change with its reason.
 * Nothing in it is ever replaced; a copy of each plan and of its prompts is kept in {@code
 * registered/}.
 *
 * @param entries the registration and its amendments, the oldest first; the last one counts
 */
public record Registration(List<Entry> entries) {
  /** Version of the file. */
  public static final int VERSION = 1;

  private static final String FORMAT = "tiebreak-registration";

  /** Copies the list. */
  public Registration {
    entries = List.copyOf(entries);
  }

  /**
   * What was fixed at one time. All hashes are SHA-256.
   *
   * @param time when, as an ISO-8601 instant
   * @param reason of the amendment; empty for the first
   * @param planHash of the bytes of {@code study.toml}
   * @param promptsHash of the bytes of the prompts' file
   * @param configHashes of every run's resolved configuration
   * @param data the text and its tokens
   * @param code what is to run
   * @param begun runs that had begun before: what is in them was known
   */
  public record Entry(
      String time,
      String reason,
      String planHash,
      String promptsHash,
      Map<RunId, String> configHashes,
      RunManifest.Data data,
      CodeVersion code,
      List<RunId> begun) {
    /** Copies the collections. */
    public Entry {
      configHashes = new LinkedHashMap<>(configHashes); // keeps the order
      begun = List.copyOf(begun);
    }

    /** What a study is now. */
    static Entry of(Study study, Dataset data, String reason) {
      Map<RunId, String> configs = new LinkedHashMap<>();
      study.plan().configs().forEach((run, config) -> configs.put(run, config.hash()));
      return new Entry(
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          reason,
          Hashes.of(study.folder().plan()),
          Hashes.of(study.folder().prompts(study.plan())),
          configs,
          RunManifest.Data.of(data.manifest()),
          CodeVersion.current(),
          RunFiles.begun(study.folder()));
    }

    /** What of another entry is different, in a few words each; the time does not count. */
    List<String> differences(Entry other) {
      List<String> different = new ArrayList<>();
      note(different, planHash, other.planHash, "the plan " + StudyFolder.PLAN);
      note(different, promptsHash, other.promptsHash, "the prompts");
      note(different, configHashes, other.configHashes, "the resolved configurations");
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

  /** The same with one entry more. */
  Registration plus(Entry entry) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(entry);
    return new Registration(more);
  }

  /**
   * Checks that plan, prompts and every resolved configuration are the registered ones.
   *
   * @throws UserError if not, with what changed
   */
  void requireUnchanged(Study study) {
    Entry registered = current();
    Path plan = study.folder().plan();
    Path prompts = study.folder().prompts(study.plan());
    if (!Hashes.of(plan).equals(registered.planHash)) {
      throw changed(study.folder(), plan + " has changed", firstDifference(study.folder(), plan));
    }
    if (!Hashes.of(prompts).equals(registered.promptsHash)) {
      throw changed(study.folder(), prompts + " has changed", "");
    }
    study
        .plan()
        .configs()
        .forEach((run, config) -> {
          if (!config.hash().equals(registered.configHashes.get(run))) {
            throw changed(
                study.folder(),
                Words.of("the configuration of %s, resolved from %s, has changed", run, plan),
                ", in a file that [base] extends or with a preset of this program");
          }
        });
  }

  /** Checks that the text is the registered one. */
  void requireData(Dataset data, StudyFolder folder) {
    RunManifest.Data now = RunManifest.Data.of(data.manifest());
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
      AtomicFiles.writeString(folder.registration(), toJson());
    } catch (IOException e) {
      throw UserError.io("write the registration", folder.registration(), e);
    }
  }

  /** The JSON form: indented, ending in a newline. */
  public String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    ArrayNode list = json.putArray("entries");
    for (Entry entry : entries) {
      ObjectNode node = list.addObject();
      node.put("time", entry.time);
      node.put("reason", entry.reason);
      node.put("plan_sha256", entry.planHash);
      node.put("prompts_sha256", entry.promptsHash);
      node.set("data", entry.data.toJson());
      node.putObject("code")
          .put("version", entry.code.version())
          .put("classes_sha256", entry.code.sha256());
      ArrayNode runs = node.putArray("runs");
      entry.configHashes.forEach(
          (run, hash) -> put(runs.addObject(), run).put("config_sha256", hash));
      ArrayNode begun = node.putArray("begun_before");
      entry.begun.forEach(run -> put(begun.addObject(), run));
    }
    return json.toPrettyString() + "\n";
  }

  private static ObjectNode put(ObjectNode node, RunId run) {
    return node.put("arm", run.arm()).put("seed", run.seed());
  }

  /**
   * Reads a study's registration, if it has one.
   *
   * @throws UserError if the file is damaged or of another version
   */
  static Optional<Registration> load(StudyFolder folder) {
    Path file = folder.registration();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      int version = json.path("version").asInt(-1);
      if (!FORMAT.equals(json.path("format").asString("")) || version != VERSION) {
        throw new UserError(
            Words.of(
                "%s is not a registration of version %d; use the program that wrote it",
                file, VERSION));
      }
      List<Entry> entries = new ArrayList<>();
      json.required("entries").forEach(node -> entries.add(entry(node)));
      if (entries.isEmpty()) {
        throw new IllegalArgumentException("no entry");
      }
      return Optional.of(new Registration(entries));
    } catch (IOException e) {
      throw UserError.io("read the registration", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError(
          Words.of("the registration %s is damaged; restore it from a copy", file), e);
    }
  }

  private static Entry entry(JsonNode node) {
    Map<RunId, String> configs = new LinkedHashMap<>();
    node.required("runs")
        .forEach(run -> configs.put(run(run), run.required("config_sha256").asString()));
    List<RunId> begun = new ArrayList<>();
    node.required("begun_before").forEach(run -> begun.add(run(run)));
    JsonNode code = node.required("code");
    return new Entry(
        node.required("time").asString(),
        node.required("reason").asString(),
        node.required("plan_sha256").asString(),
        node.required("prompts_sha256").asString(),
        configs,
        RunManifest.Data.read(node.required("data")),
        new CodeVersion(
            code.required("version").asString(), code.required("classes_sha256").asString()),
        begun);
  }

  private static RunId run(JsonNode node) {
    return new RunId(node.required("arm").asString(), node.required("seed").asLong());
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
