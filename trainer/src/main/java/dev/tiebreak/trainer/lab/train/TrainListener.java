package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import java.nio.file.Path;

/**
 * Is told how a training goes, on the training thread: what it does must be quick. Every method
 * does nothing unless it is overridden.
 */
public interface TrainListener {
  TrainListener NONE = new TrainListener() {};

  /**
   * What is about to run.
   *
   * @param folder the run folder
   * @param manifest hashes and counts
   * @param firstStep steps that are done already: 0 unless the run is resumed
   * @param steps steps of the whole run
   * @param tokensPerStep tokens that one step learns from
   */
  record Start(Path folder, RunManifest manifest, long firstStep, long steps, long tokensPerStep) {}

  /** Everything is ready and the first step comes next. */
  default void started(Start start) {}

  /**
   * A step is done.
   *
   * @param logged whether it was written to the metrics
   */
  default void stepped(StepMetrics metrics, boolean logged) {}

  /** An evaluation is done. */
  default void evaluated(EvaluationPoint point) {}

  /** A checkpoint is complete on the disk. */
  default void saved(Checkpoint checkpoint) {}

  /** Something the user should know that does not stop the run, as one sentence. */
  default void note(String text) {}
}
