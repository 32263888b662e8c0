package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.checkpoint.SafetensorsReader;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.AbortRecord;
import dev.tiebreak.trainer.lab.train.CodeVersion;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the runs of a study, one after the other: what each started from, that it is the twin of
 * those of its seed, and that its weights are those that its training ended with.
 */
final class RunVerifier {
  private static final String WEIGHTS = "final weights";

  private final Study study;
  private final Dataset data;
  private final RunCheck check;
  private final Map<Long, RunId> firstOfSeed = new HashMap<>();
  private final Map<String, Long> seedOfWeights = new HashMap<>(); // by initial weights

  RunVerifier(Study study, Dataset data) {
    this.study = study;
    this.data = data;
    this.check = new RunCheck(study, RunManifest.Data.of(data));
  }

  void verify(RunId run, Checks checks) {
    RunFolder folder = new RunFolder(study.folder().run(run));
    RunFolder.State state = folder.state();
    if (state == RunFolder.State.MISSING) {
      checks.note("complete", "not begun");
      return;
    }
    checks.attempt("manifest", () -> start(run, folder, checks));
    switch (state) {
      case ABORTED -> checks.attempt("complete", () -> aborted(folder, checks));
      case COMPLETE -> checks.attempt(WEIGHTS, () -> finalWeights(run, folder, checks));
      default -> checks.note("complete", "not yet");
    }
  }

  private static void aborted(RunFolder folder, Checks checks) {
    checks.note("complete", AbortRecord.FORMAT.read(folder.aborted()).inWords());
  }

  private void start(RunId run, RunFolder folder, Checks checks) {
    RunManifest manifest = RunManifest.load(folder.manifest());
    checks.noProblem("configuration", check.config(run, manifest));
    checks.same("config.toml", manifest.configHash(), Sha256.of(folder.config()));
    checks.noProblem("text", check.data(manifest));
    checks.same("tokenizer.json", manifest.data().tokenizerHash(), Sha256.of(folder.tokenizer()));
    checks.same("data order", order(study.plan().config(run)), manifest.dataOrderHash());
    initialWeights(run, manifest.initialWeightsHash(), checks);
    CodeVersion registered =
        study.registration().map(one -> one.current().code()).orElse(CodeVersion.current());
    checks.same("program", registered.sha256(), manifest.code().sha256());
    study.registration().ifPresent(one -> times(run, manifest, one.current(), checks));
  }

  /** What the registration that counts did not foresee must not have begun before it. */
  private static void times(
      RunId run, RunManifest manifest, Registration.Entry registered, Checks checks) {
    Instant begun = Instant.parse(manifest.started());
    if (!registered.begun().contains(run) && begun.isBefore(Instant.parse(registered.time()))) {
      checks.fails(
          "times",
          Words.of(
              "it began at %s, before the registration of %s, which does not say so",
              manifest.started(), registered.time()));
    } else {
      checks.holds("times", "");
    }
  }

  /** The order that the seed gives, computed anew. */
  private String order(TrainConfig config) {
    int batch = config.training().batch();
    Batches batches =
        new Batches(data, batch, config.model().sequenceLength(), config.training().seed());
    return batches.orderHash((long) config.training().steps() * config.training().accumulation());
  }

  /** Equal within a seed, different between seeds. */
  private void initialWeights(RunId run, String hash, Checks checks) {
    RunId twin = firstOfSeed.putIfAbsent(run.seed(), run);
    Long seed = seedOfWeights.putIfAbsent(hash, run.seed());
    String what = "initial weights";
    if (seed != null && seed != run.seed()) {
      checks.fails(what, "the same as those of seed " + seed);
    } else if (twin != null && seed == null) {
      checks.fails(what, "not those of its twin " + twin);
    } else {
      checks.holds(what, twin == null ? "" : "those of " + twin);
    }
  }

  /** Whether the last checkpoint holds what the training ended with. */
  private void finalWeights(RunId run, RunFolder folder, Checks checks) {
    RunSummary summary = RunSummary.load(folder.summary());
    long steps = study.plan().config(run).training().steps();
    Optional<Checkpoint> last = folder.checkpoints().latest();
    if (summary.steps() != steps) {
      checks.fails(WEIGHTS, Words.of("the summary is of step %d, not %d", summary.steps(), steps));
    } else if (last.isEmpty() || last.get().step() != steps) {
      checks.fails(WEIGHTS, "there is no checkpoint of step " + steps);
    } else {
      last.get().state(); // throws if it is damaged
      try (SafetensorsReader reader = SafetensorsReader.open(last.get().weights())) {
        checks.same(WEIGHTS, summary.weightsHash(), reader.dataHash());
      }
      LossCheck.of(folder, summary, checks);
    }
  }
}
