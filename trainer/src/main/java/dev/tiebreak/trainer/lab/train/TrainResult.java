package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import java.util.List;

/**
 * How a training ended.
 *
 * @param complete whether all steps are done; false if it was asked to stop
 * @param summary the result so far; it is in {@code summary.json} only if the run is complete
 * @param curve every evaluation of the run, in order, those before it was resumed too
 * @param manifest what the run started from
 * @param checkpoint the last one, from which generating or resuming goes on
 */
public record TrainResult(
    boolean complete,
    RunSummary summary,
    List<EvaluationPoint> curve,
    RunManifest manifest,
    Checkpoint checkpoint) {

  public TrainResult {
    curve = List.copyOf(curve);
  }
}
