package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.checkpoint.SafetensorsReader;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.CodeVersion;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.RunFiles.State;
import dev.tiebreak.trainer.study.Verdict.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks every hash of a study anew: what was registered, what each run started from, that twins
 * are twins, and that the weights are those that the training ended with.
 */
public final class StudyVerifier {
  private static final String STUDY = "study";
  private static final String WEIGHTS = "final weights";

  private final Study study;
  private final Dataset data;
  private final RunCheck check;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<Long, RunId> firstOfSeed = new HashMap<>();
  private final Map<String, Long> seedOfWeights = new HashMap<>(); // by initial weights

  /**
   * @param study opened without regard to what is registered
   * @param data its text as it is now
   */
  public StudyVerifier(Study study, Dataset data) {
    this.study = study;
    this.data = data;
    this.check = new RunCheck(study, RunManifest.Data.of(data.manifest()));
  }

  /** All checks, the study's own first, then those of its runs in the plan's order. */
  public List<Verdict> verify() {
    registration();
    study.plan().runs().forEach(this::run);
    for (RunId begun : RunFiles.begun(study.folder())) {
      if (!study.plan().configs().containsKey(begun)) {
        add(begun.toString(), "plan", Result.NOTE, "not of this plan, and not checked");
      }
    }
    pairs();
    return List.copyOf(verdicts);
  }

  private void registration() {
    if (study.isExploratory()) {
      add(STUDY, "exploratory", Result.NOTE, "it was run before it was registered");
    }
    if (study.registration().isEmpty()) {
      add(STUDY, "registration", Result.NOTE, "not registered: nothing was fixed beforehand");
      return;
    }
    Registration registration = study.registration().get();
    Registration.Entry then = registration.current();
    Registration.Entry now = Registration.Entry.of(study, data, "");
    add(
        STUDY,
        "registration",
        Result.NOTE,
        Words.of(
            "registered %s, %d amendments",
            registration.entries().getFirst().time(), registration.entries().size() - 1));
    if (!then.begun().isEmpty()) {
      String runs = then.begun().size() == 1 ? "1 run" : then.begun().size() + " runs";
      add(STUDY, "foresight", Result.NOTE, runs + " had begun before the registration that counts");
    }
    same(STUDY, "plan", then.planHash(), now.planHash());
    same(STUDY, "prompts", then.promptsHash(), now.promptsHash());
    boolean configs = then.configHashes().equals(now.configHashes());
    add(STUDY, "configurations", configs ? Result.OK : Result.FAILED, "");
    same(STUDY, "text", then.data().textHash(), now.data().textHash());
    same(STUDY, "tokens", then.data().tokensHash(), now.data().tokensHash());
    boolean sameProgram = then.code().sha256().equals(now.code().sha256());
    add(
        STUDY,
        "program",
        sameProgram ? Result.OK : Result.NOTE,
        sameProgram ? "" : "another build verifies; which one trained is checked of each run");
  }

  private void run(RunId run) {
    String name = run.toString();
    Path path = study.folder().run(run);
    State state = RunFiles.state(path);
    if (state == State.MISSING) {
      add(name, "complete", Result.NOTE, "not begun");
      return;
    }
    attempt(
        name,
        "manifest",
        () -> {
          RunManifest manifest = check.manifest(run).orElseThrow();
          started(run, path, manifest);
          return Optional.empty();
        });
    switch (state) {
      case ABORTED -> add(name, "complete", Result.NOTE, RunFiles.abortReason(path));
      case COMPLETE -> attempt(name, WEIGHTS, () -> weights(run, path));
      default -> add(name, "complete", Result.NOTE, "not yet");
    }
  }

  /** What a run started from. */
  private void started(RunId run, Path path, RunManifest manifest) {
    String name = run.toString();
    TrainConfig config = study.plan().config(run);
    verdict(name, "configuration", check.config(run, manifest));
    same(name, "config.toml", manifest.configHash(), Hashes.of(path.resolve("config.toml")));
    verdict(name, "text", check.data(manifest));
    String tokenizer = Hashes.of(path.resolve("tokenizer.json"));
    same(name, "tokenizer.json", manifest.data().tokenizerHash(), tokenizer);
    same(name, "data order", order(config), manifest.dataOrderHash());
    initialWeights(run, manifest.initialWeightsHash());
    CodeVersion registered =
        study.registration().map(one -> one.current().code()).orElse(CodeVersion.current());
    same(name, "program", registered.sha256(), manifest.code().sha256());
  }

  /** The order that the seed gives, computed anew. */
  private String order(TrainConfig config) {
    int batch = config.training().batch();
    Batches batches =
        new Batches(data, batch, config.model().sequenceLength(), config.training().seed());
    return batches.orderHash((long) config.training().steps() * config.training().accumulation());
  }

  /** Equal within a seed, different between seeds. */
  private void initialWeights(RunId run, String hash) {
    RunId twin = firstOfSeed.putIfAbsent(run.seed(), run);
    Long seed = seedOfWeights.putIfAbsent(hash, run.seed());
    String what = "initial weights";
    if (seed != null && seed != run.seed()) {
      add(run.toString(), what, Result.FAILED, "the same as those of seed " + seed);
    } else if (twin != null && seed == null) {
      add(run.toString(), what, Result.FAILED, "not those of its twin " + twin);
    } else {
      add(run.toString(), what, Result.OK, twin == null ? "" : "those of " + twin);
    }
  }

  /** Whether the last checkpoint holds what the training ended with. */
  private Optional<String> weights(RunId run, Path path) {
    RunFolder folder = RunFolder.view(path);
    RunSummary summary = RunSummary.load(folder.summary());
    long steps = study.plan().config(run).training().steps();
    Optional<Checkpoint> last = folder.checkpoints().latest();
    if (summary.steps() != steps) {
      return Optional.of(Words.of("the summary is of step %d, not %d", summary.steps(), steps));
    }
    if (last.isEmpty() || last.get().step() != steps) {
      return Optional.of("there is no checkpoint of step " + steps);
    }
    last.get().state();
    try (SafetensorsReader reader = SafetensorsReader.open(last.get().weights())) {
      return difference(summary.weightsHash(), reader.dataHash());
    }
  }

  private void pairs() {
    Path file = study.folder().pairsManifest();
    if (Files.exists(file)) {
      attempt(
          "pairs", "manifest", () -> pairs(JsonMapper.shared().readTree(Files.readString(file))));
    }
  }

  private Optional<String> pairs(JsonNode manifest) {
    file(manifest, "pairs_sha256", study.folder().pairs());
    file(manifest, "key_sha256", study.folder().key());
    String plan = Hashes.of(study.folder().plan());
    same("pairs", "plan", manifest.path("plan_sha256").asString(""), plan);
    for (RunId run : study.plan().runs()) {
      JsonNode weights = manifest.path("weights_sha256").path(run.toString());
      Path summary = RunFolder.view(study.folder().run(run)).summary();
      if (weights.isString() && Files.exists(summary)) {
        String ended = RunSummary.load(summary).weightsHash();
        same("pairs", "of " + run, weights.asString(), ended);
      }
    }
    return Optional.empty();
  }

  /** The key may be with somebody else, so that nobody here can look. */
  private void file(JsonNode json, String field, Path file) {
    String name = file.getFileName().toString();
    if (Files.exists(file)) {
      same("pairs", name, json.path(field).asString(""), Hashes.of(file));
    } else {
      add("pairs", name, Result.NOTE, "not here");
    }
  }

  /** Something to check that may find what it cannot read. */
  private interface Attempt {
    Optional<String> problem() throws IOException;
  }

  private void attempt(String subject, String what, Attempt attempt) {
    try {
      int before = verdicts.size();
      Optional<String> problem = attempt.problem();
      if (verdicts.size() == before) {
        verdict(subject, what, problem);
      }
    } catch (UserError | JacksonException e) {
      add(subject, what, Result.FAILED, e.getMessage());
    } catch (IOException e) {
      add(subject, what, Result.FAILED, "cannot be read: " + e.getMessage());
    }
  }

  private void same(String subject, String what, String expected, String found) {
    verdict(subject, what, difference(expected, found));
  }

  private static Optional<String> difference(String expected, String found) {
    return found.equals(expected)
        ? Optional.empty()
        : Optional.of(Words.of("SHA-256 %.8s..., expected %.8s...", found, expected));
  }

  private void verdict(String subject, String what, Optional<String> problem) {
    add(subject, what, problem.isEmpty() ? Result.OK : Result.FAILED, problem.orElse(""));
  }

  private void add(String subject, String what, Result result, String detail) {
    verdicts.add(new Verdict(subject, what, result, detail));
  }
}
