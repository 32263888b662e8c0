package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.examine.ValidationTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Do the arms' validation losses tie with the baseline's? Paired by seed and tested for equivalence
 * within the plan's margin; a second yardstick is twice the standard deviation of the baseline's
 * seeds. Within a seed, the tokens' losses are paired and whole passages resampled: that interval
 * speaks of these two models on other text, not of the arms.
 *
 * @param baseline final losses of the baseline's seeds
 * @param arms that have a seed in common with the baseline, in the plan's order
 * @param withoutPassages runs whose tokens' losses are missing, so that passages are left out
 */
public record LossAnalysis(
    StudyResults results, Sample baseline, List<ArmLosses> arms, List<RunId> withoutPassages) {
  private static final double LEVEL = 0.95;
  private static final double SEED_DEVIATIONS = 2;
  private static final int SIGN_PATTERNS = 100_000;

  /**
   * Compares.
   *
   * @throws UserError if there is no baseline, or no seed that it and another arm completed
   */
  public static LossAnalysis of(StudyResults results) {
    Arm arm = results.baseline();
    double[] losses = results.runs(arm).stream().mapToDouble(LossAnalysis::finiteLoss).toArray();
    requireRuns(
        losses.length > 0,
        results,
        "no run of the arm '%s' is complete, so there is nothing to compare with; train it first");
    Sample baseline = Sample.of(losses);
    List<RunId> withoutPassages =
        results.runs().values().stream()
            .filter(run -> run.validation().isEmpty())
            .map(RunResult::id)
            .toList();
    List<ArmLosses> arms = new ArrayList<>();
    for (Arm treatment : results.treatments()) {
      compare(results, treatment, baseline.sd()).ifPresent(arms::add);
    }
    requireRuns(
        !arms.isEmpty(),
        results,
        "no seed is complete in the arm '%s' and in another, so there is nothing to compare; train more runs first");
    return new LossAnalysis(results, baseline, List.copyOf(arms), withoutPassages);
  }

  private static void requireRuns(boolean enough, StudyResults results, String format) {
    if (!enough) {
      throw new UserError(
          Words.of(format, results.baseline()),
          Remedy.step(Remedy.Kind.RUN, results.study().folder().path()));
    }
  }

  private static double finiteLoss(RunResult run) {
    Check.user(
        Double.isFinite(run.loss()),
        "the validation loss of %s is %s; the training failed, so leave the arm or the seed out",
        run.id(),
        run.loss());
    return run.loss();
  }

  private static Optional<ArmLosses> compare(StudyResults results, Arm arm, double seedSd) {
    AnalysisPlan plan = results.plan().analysis();
    Map<Long, Double> differences = new LinkedHashMap<>();
    Map<Long, PairedBootstrap> passages = new LinkedHashMap<>();
    for (RunResult run : results.runs(arm)) {
      long seed = run.id().seed();
      results
          .run(results.baseline().name(), seed)
          .ifPresent(twin -> {
            differences.put(seed, finiteLoss(run) - finiteLoss(twin));
            passages(run, twin, plan).ifPresent(boot -> passages.put(seed, boot));
          });
    }
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    double[] values = differences.values().stream().mapToDouble(Double::doubleValue).toArray();
    return Optional.of(
        new ArmLosses(
            arm.name(),
            List.copyOf(differences.keySet()),
            List.copyOf(differences.values()),
            PairedTost.of(values, plan.lossMargin(), plan.alpha()),
            seedSd > 0
                ? Optional.of(PairedTost.of(values, SEED_DEVIATIONS * seedSd, plan.alpha()))
                : Optional.empty(),
            values.length <= SignFlip.MOST_FOR_ALL
                ? SignFlip.exact(values)
                : SignFlip.sampled(values, SIGN_PATTERNS, plan.seed()),
            passages));
  }

  private static Optional<PairedBootstrap> passages(
      RunResult run, RunResult twin, AnalysisPlan plan) {
    if (run.validation().isEmpty() || twin.validation().isEmpty()) {
      return Optional.empty();
    }
    ValidationTokens first = ValidationTokens.load(run.validation().get());
    ValidationTokens second = ValidationTokens.load(twin.validation().get());
    Check.user(
        first.windows() == second.windows() && Arrays.equals(first.targets(), second.targets()),
        "%s and %s were validated on other tokens, so these cannot be paired; train again with equal [evaluation]",
        run.id(),
        twin.id());
    return Optional.of(
        PairedBootstrap.of(rows(first), rows(second), plan.bootstrap(), LEVEL, plan.seed()));
  }

  /** The losses passage by passage, (W, T) in nats. */
  private static double[][] rows(ValidationTokens tokens) {
    double[][] rows = new double[tokens.windows()][tokens.length()];
    for (int w = 0; w < rows.length; w++) {
      int start = w * tokens.length();
      Arrays.setAll(rows[w], t -> tokens.losses()[start + t]);
    }
    return rows;
  }

  /** Twice the baseline's SD between seeds; NaN for one seed. */
  public double seedYardstick() {
    return SEED_DEVIATIONS * baseline.sd();
  }

  /** The comparison of an arm, if it has one. */
  public Optional<ArmLosses> arm(String name) {
    return arms.stream().filter(arm -> arm.arm().equals(name)).findFirst();
  }
}
