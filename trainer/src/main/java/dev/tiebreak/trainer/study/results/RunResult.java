package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What one complete training left.
 *
 * @param manifest what it started from
 * @param examination what its model predicts beyond the loss, if it was examined
 * @param validation the file of each validation token's loss, if there is one
 */
public record RunResult(
    RunId id,
    RunManifest manifest,
    RunSummary summary,
    Metrics metrics,
    Optional<Examination> examination,
    Optional<Path> validation) {

  /**
   * Reads a run folder.
   *
   * @return empty if the run is not complete
   */
  static Optional<RunResult> read(RunId id, Path path) {
    RunFolder folder = new RunFolder(path);
    if (!Files.exists(folder.summary())) {
      return Optional.empty();
    }
    return Optional.of(
        new RunResult(
            id,
            RunManifest.load(folder.manifest()),
            RunSummary.load(folder.summary()),
            Metrics.read(folder.metrics()),
            Optional.of(folder.examination()).filter(Files::exists).map(Examination::load),
            Optional.of(folder.validation()).filter(Files::exists)));
  }

  /** A number of the examination, or NaN. */
  public double examined(ToDoubleFunction<Examination> number) {
    return examination.map(number::applyAsDouble).orElse(Double.NaN);
  }

  /** The final validation loss: plain cross-entropy in nats per token. */
  public double loss() {
    return summary.valLoss();
  }
}
