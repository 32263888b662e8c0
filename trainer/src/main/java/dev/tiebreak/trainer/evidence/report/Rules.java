package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How votes are analysed: what a plan fixed, or what plans usually say.
 *
 * @param planned whether a plan fixed it
 * @param alpha the chance of a false claim that each test allows
 * @param smallestEffect the smallest share of decisive judgments that would matter
 * @param resamples of each bootstrap, and patterns of sampled sign-flip tests
 * @param seed of resampling and permutations
 * @param gate name of the comparison that is tested first; empty for the first there is
 * @param holm comparisons that are tested together after the gate; empty for all others
 * @param matched names of comparisons whose control is sampled at another temperature
 * @param judging limits for judges
 */
public record Rules(
    boolean planned,
    double alpha,
    double smallestEffect,
    int resamples,
    long seed,
    String gate,
    List<String> holm,
    Set<String> matched,
    JudgingPlan judging) {
  /** Resamples where no plan says how many. */
  public static final int RESAMPLES = 2000;

  /** The seed where no plan names one. */
  public static final long SEED = 20_260_301;

  /** Copies the list. */
  public Rules {
    holm = List.copyOf(holm);
    matched = Set.copyOf(matched);
  }

  /** Those of a plan. */
  public static Rules of(AnalysisPlan analysis, JudgingPlan judging, List<Comparison> comparisons) {
    return new Rules(
        true,
        analysis.alpha(),
        analysis.smallestEffect(),
        analysis.bootstrap(),
        analysis.seed(),
        analysis.gate(),
        analysis.holm(),
        comparisons.stream()
            .filter(one -> one.temperature() != ControlTemperature.SAME)
            .map(Comparison::name)
            .collect(Collectors.toSet()),
        judging);
  }

  /** Those of the recommended protocol, for votes without a plan. */
  public static Rules usual() {
    return new Rules(
        false,
        0.05,
        0.55,
        RESAMPLES,
        SEED,
        "",
        List.of(),
        Set.of(),
        new JudgingPlan(3, 32, 3, 2, 1, 3, 40, 0.9, 0.8));
  }

  /** With another seed. */
  public Rules withSeed(long other) {
    return new Rules(
        planned, alpha, smallestEffect, resamples, other, gate, holm, matched, judging);
  }

  /** Comparisons in the order in which they are tested, those that are not tested last. */
  List<Contest> inOrder(List<Contest> contests) {
    List<String> tested = new ArrayList<>(List.of(gate));
    tested.addAll(holm);
    return contests.stream()
        .sorted(
            Comparator.comparingInt(one -> {
              int place = tested.indexOf(one.name());
              return place < 0 ? tested.size() : place;
            }))
        .toList();
  }

  /** The confidence of intervals in per cent, such as {@code 95}. */
  String percentLevel() {
    double percent = Math.rint(1000 * level()) / 10;
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }

  /** The confidence of intervals. */
  double level() {
    return 1 - alpha;
  }
}
