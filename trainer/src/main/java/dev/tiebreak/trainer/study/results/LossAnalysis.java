package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Holm;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.examine.ValidationTokens;
import dev.tiebreak.trainer.study.StudyPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Do the arms' validation losses tie with the baseline's, or another arm's? Paired by seed and
 * tested for equivalence within the plan's margin, and for a difference, corrected by Holm's
 * procedure for all arms that share the baseline; a second yardstick is twice the standard
 * deviation of the baseline's seeds. Within a seed, the tokens' losses are paired and whole
 * passages resampled: that interval speaks of these two models on other text, not of the arms.
 *
 * @param reference what the others are compared with
 * @param baseline final losses of its seeds
 * @param arms that have a seed in common with the baseline, in the plan's order
 * @param interaction of gain and divergence where all four arms of the 2 x 2 are there: both less
 *     gain less divergence plus baseline, 0 where the two add up
 * @param withoutPassages runs whose tokens' losses are missing, so that passages are left out
 */
public record LossAnalysis(
    StudyResults results,
    Arm reference,
    Sample baseline,
    List<ArmLosses> arms,
    Optional<ArmLosses> interaction,
    List<RunId> withoutPassages) {
  private static final double LEVEL = 0.95;
  private static final double SEED_DEVIATIONS = 2;
  private static final int SIGN_PATTERNS = 100_000;
  private static final List<String> FACTORIAL =
      List.of(Arms.BASELINE, Arms.GAIN, Arms.DIVERGENCE, Arms.BOTH);

  /** Compares with the baseline. */
  public static LossAnalysis of(StudyResults results) {
    return of(results, results.baseline());
  }

  /**
   * Compares all other arms with one.
   *
   * @throws UserError if no run of it is complete, or no seed that it and another arm completed
   */
  public static LossAnalysis of(StudyResults results, Arm arm) {
    double[] losses = results.runs(arm).stream().mapToDouble(LossAnalysis::finiteLoss).toArray();
    requireRuns(
        losses.length > 0,
        results,
        "no run of the arm '%s' is complete, so there is nothing to compare with; train it first",
        arm);
    Sample baseline = Sample.of(losses);
    List<RunId> withoutPassages =
        results.runs().values().stream()
            .filter(run -> run.validation().isEmpty())
            .map(RunResult::id)
            .toList();
    List<ArmLosses> arms = new ArrayList<>();
    for (Arm other : results.plan().arms()) {
      if (!other.equals(arm)) {
        compare(results, other, arm, baseline.sd()).ifPresent(arms::add);
      }
    }
    requireRuns(
        !arms.isEmpty(),
        results,
        "no seed is complete in the arm '%s' and in another, so there is nothing to compare; train more runs first",
        arm);
    return new LossAnalysis(
        results,
        arm,
        baseline,
        corrected(arms, results.plan()),
        interaction(results, baseline.sd()),
        withoutPassages);
  }

  /** By Holm over all declared arms: one that has no p yet counts as if it were 1. */
  private static List<ArmLosses> corrected(List<ArmLosses> arms, StudyPlan plan) {
    double[] ps = new double[plan.arms().size() - 1];
    Arrays.fill(ps, 1);
    for (int i = 0; i < arms.size(); i++) {
      double p = arms.get(i).tost().difference().p();
      ps[i] = Double.isNaN(p) ? 1 : p;
    }
    double[] adjusted = Holm.adjust(ps);
    List<ArmLosses> corrected = new ArrayList<>();
    for (int i = 0; i < arms.size(); i++) {
      double p = Double.isNaN(arms.get(i).tost().difference().p()) ? Double.NaN : adjusted[i];
      corrected.add(arms.get(i).among(p, plan.seeds().size(), plan.analysis().alpha()));
    }
    return List.copyOf(corrected);
  }

  /** Of seeds that all four arms completed. */
  private static Optional<ArmLosses> interaction(StudyResults results, double seedSd) {
    Map<Long, Double> values = new LinkedHashMap<>();
    for (long seed : results.plan().seeds()) {
      double sum = 0;
      for (String arm : FACTORIAL) {
        double loss = results.run(arm, seed).map(LossAnalysis::finiteLoss).orElse(Double.NaN);
        sum += arm.equals(Arms.GAIN) || arm.equals(Arms.DIVERGENCE) ? -loss : loss;
      }
      if (!Double.isNaN(sum)) {
        values.put(seed, sum);
      }
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    ArmLosses all = losses("gain x divergence", values, Map.of(), seedSd, results.plan());
    return Optional.of(
        all.among(
            all.tost().difference().p(),
            results.plan().seeds().size(),
            results.plan().analysis().alpha()));
  }

  private static void requireRuns(
      boolean enough, StudyResults results, String format, Arm reference) {
    if (!enough) {
      throw new UserError(
          Words.of(format, reference.name()),
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

  private static Optional<ArmLosses> compare(
      StudyResults results, Arm arm, Arm reference, double seedSd) {
    AnalysisPlan plan = results.plan().analysis();
    Map<Long, Double> differences = new LinkedHashMap<>();
    Map<Long, PairedBootstrap> passages = new LinkedHashMap<>();
    for (RunResult run : results.runs(arm)) {
      long seed = run.id().seed();
      results
          .run(reference.name(), seed)
          .ifPresent(twin -> {
            differences.put(seed, finiteLoss(run) - finiteLoss(twin));
            passages(run, twin, plan).ifPresent(boot -> passages.put(seed, boot));
          });
    }
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(losses(arm.name(), differences, passages, seedSd, results.plan()));
  }

  private static ArmLosses losses(
      String name,
      Map<Long, Double> differences,
      Map<Long, PairedBootstrap> passages,
      double seedSd,
      StudyPlan study) {
    AnalysisPlan plan = study.analysis();
    double[] values = differences.values().stream().mapToDouble(Double::doubleValue).toArray();
    PairedTost tost = PairedTost.of(values, plan.lossMargin(), plan.alpha());
    return new ArmLosses(
        name,
        List.copyOf(differences.keySet()),
        List.copyOf(differences.values()),
        tost,
        seedSd > 0
            ? Optional.of(PairedTost.of(values, SEED_DEVIATIONS * seedSd, plan.alpha()))
            : Optional.empty(),
        tost.difference().p(),
        tost.verdict(),
        values.length <= SignFlip.MOST_FOR_ALL
            ? SignFlip.exact(values)
            : SignFlip.sampled(values, SIGN_PATTERNS, plan.seed()),
        passages);
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
