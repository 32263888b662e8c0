package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a study will cost; all of it follows from the plan.
 *
 * @param runs the estimate of every run, in the plan's order
 * @param diskBytes of all checkpoints that are kept, and of the one that is being written
 */
public record StudyCosts(Map<RunId, Estimate> runs, long diskBytes) {
  private static final double SECONDS_PER_HOUR = 3600;

  /** Keeps the order. */
  public StudyCosts {
    runs = new LinkedHashMap<>(runs);
  }

  /**
   * Estimates a study.
   *
   * @param vocabulary tokens of the tokenizer, without padding
   * @param device what computes; it need not be there
   */
  public static StudyCosts of(StudyPlan plan, int vocabulary, Device device) {
    Map<RunId, Estimate> runs = new LinkedHashMap<>();
    long disk = 0;
    for (RunId run : plan.runs()) {
      TrainConfig config = plan.config(run);
      Estimate estimate = Estimate.of(config, vocabulary, device);
      runs.put(run, estimate);
      disk += config.checkpoint().keep() * estimate.checkpointBytes();
    }
    Estimate any = runs.values().iterator().next();
    return new StudyCosts(runs, disk + any.checkpointBytes());
  }

  /** A run that costs most. */
  public Estimate largest() {
    return runs.values().stream().max((a, b) -> Double.compare(a.flops(), b.flops())).orElseThrow();
  }

  /** Operations of all runs. */
  public double flops() {
    return runs.values().stream().mapToDouble(Estimate::flops).sum();
  }

  /** Hours of all runs at a sustained rate of so many 10^9 operations per second in all. */
  public double hours(double gigaflops) {
    return flops() / (gigaflops * 1e9) / SECONDS_PER_HOUR;
  }

  /** Pairs of texts that one comparison shows: prompts x completions x seeds. */
  public static long pairs(StudyPlan plan, int prompts) {
    return (long) prompts * plan.sampling().completions() * plan.seeds().size();
  }
}
