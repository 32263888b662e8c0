package dev.tiebreak.trainer.lab.review;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.examine.Examiner;
import dev.tiebreak.trainer.lab.examine.ModelDistance;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import dev.tiebreak.trainer.lab.train.LossCurves;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A trained model on its validation tokens.
 *
 * @param step that the model was saved after
 */
public record RunExamination(Path run, long step, Examination numbers) {
  /**
   * A run and its twin.
   *
   * @param fine the first step in which training losses differ by more than 0.01 %
   * @param coarse the same for 1 %
   * @param hasMetrics whether training losses were there: a model needs none
   */
  public record Pair(
      RunExamination run,
      RunExamination other,
      ModelDistance distance,
      OptionalLong fine,
      OptionalLong coarse,
      boolean hasMetrics) {}

  private static final double FINE = 1e-4;
  private static final double COARSE = 1e-2;

  /**
   * Examines a run.
   *
   * @param cache folder of prepared texts
   * @param status told what takes its time
   * @throws UserError if there is no run, or its text is no longer there
   */
  public static RunExamination of(Path run, Path cache, Backend backend, Consumer<String> status) {
    try (LoadedModel model = LoadedModel.open(run, backend);
        Dataset data = data(run, cache, status)) {
      return examine(run, model, evaluation(run, data), data, backend);
    }
  }

  /**
   * Examines two runs on the text of the first.
   *
   * @throws UserError as above, or if they are of different texts or shapes
   */
  public static Pair of(
      Path run, Path other, Path cache, Backend backend, Consumer<String> status) {
    try (LoadedModel model = LoadedModel.open(run, backend);
        Dataset data = data(run, cache, status)) {
      Check.user(
          manifest(other).tokensHash().equals(manifest(run).tokensHash()),
          "the runs in %s and %s are of different texts; compare runs on the same one",
          run,
          other);
      Evaluation evaluation = evaluation(run, data);
      try (LoadedModel twin = LoadedModel.open(other, backend)) {
        ModelDistance distance =
            ModelDistance.between(model.model(), twin.model(), evaluation); // checks the shapes
        Path metrics = new RunFolder(run).metrics();
        Path others = new RunFolder(other).metrics();
        boolean both = Files.exists(metrics) && Files.exists(others);
        return new Pair(
            examine(run, model, evaluation, data, backend),
            examine(other, twin, evaluation, data, backend),
            distance,
            both ? LossCurves.firstDifference(metrics, others, FINE) : OptionalLong.empty(),
            both ? LossCurves.firstDifference(metrics, others, COARSE) : OptionalLong.empty(),
            both);
      }
    }
  }

  private static Evaluation evaluation(Path run, Dataset data) {
    TrainConfig config = ConfigBuilder.read(new RunFolder(run).config());
    int batch = config.training().batch();
    int length = config.model().sequenceLength();
    return new Batches(data, batch, length, config.training().seed())
        .evaluation(config.evaluation().batches());
  }

  /** The text of a run, which must still be what it was trained on. */
  private static Dataset data(Path run, Path cache, Consumer<String> status) {
    TrainConfig config = ConfigBuilder.read(new RunFolder(run).config());
    Dataset data = PreparedText.open(config.data(), cache, status);
    if (!data.manifest().tokensSha256().equals(manifest(run).tokensHash())) {
      data.close();
      throw new UserError(
          "the text of the run in " + run + " is no longer the one it was trained on; restore it");
    }
    return data;
  }

  private static RunManifest.Data manifest(Path run) {
    return RunManifest.load(new RunFolder(run).manifest()).data();
  }

  private static RunExamination examine(
      Path run, LoadedModel loaded, Evaluation evaluation, Dataset data, Backend backend) {
    try (Scope kept = backend.newScope("evaluation tokens");
        Scope step = backend.newScope("evaluation step")) {
      TokenBatch batch = new TokenBatch(kept, evaluation.batch(), evaluation.sequence());
      Examiner examiner = new Examiner(loaded.model(), evaluation, data, step, batch);
      return new RunExamination(run, loaded.step(), examiner.examine().examination());
    }
  }
}
