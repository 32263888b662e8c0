package dev.tiebreak.trainer.lab.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;

/**
 * {@code summary.json}: the result of a run.
 *
 * @param arm which shapings of the training signal are on
 * @param steps optimizer steps done
 * @param tokens that the run has learned from
 * @param valLoss the last validation loss: plain cross-entropy in nats per token
 * @param bestValLoss the lowest
 * @param bestStep where it was
 * @param weightsHash SHA-256 of the bytes of all weights at the end
 */
public record RunSummary(
    String arm,
    long steps,
    long tokens,
    long parameters,
    double valLoss,
    double bestValLoss,
    long bestStep,
    @JsonProperty("weights_sha256") String weightsHash,
    Timing timing) {

  public static final Artifact<RunSummary> FORMAT =
      Artifact.of(RunSummary.class, "the run's summary", "train again");

  /**
   * How fast it went.
   *
   * @param tokensPerSecond median over the logged steps
   * @param seconds of training, evaluations and checkpoints included
   */
  public record Timing(double tokensPerSecond, double seconds) {}

  /** Reads the file; throws {@link UserError} if it is missing or damaged. */
  public static RunSummary load(Path file) {
    return FORMAT.read(file);
  }
}
