package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.ballot.protocol.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How votes are analysed: what a plan fixed, or what plans usually say.
 *
 * @param alpha the chance of a false claim that each test allows
 * @param smallestEffect the smallest share of decisive judgments that would matter
 * @param resamples of each bootstrap, and patterns of sampled sign-flip tests
 * @param seed of resampling and permutations
 * @param gate name of the comparison that is tested first; empty for the first there is
 * @param holm comparisons that are tested together after the gate; empty for all others
 * @param equalArms whether a comparison of equal arms is part of the plan
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
    boolean equalArms,
    Set<String> matched,
    JudgingPlan judging) {
  /** The seed where no plan names one. */
  public static final long SEED = 20_260_301;

  public Rules {
    holm = List.copyOf(holm);
    matched = Set.copyOf(matched);
  }

  public static Rules of(
      AnalysisPlan analysis,
      JudgingPlan judging,
      List<dev.tiebreak.trainer.ballot.protocol.Comparison> comparisons) {
    return new Rules(
        true,
        analysis.alpha(),
        analysis.smallestEffect(),
        analysis.bootstrap(),
        analysis.seed(),
        analysis.gate(),
        analysis.holm(),
        comparisons.stream().anyMatch(one -> one.isEqualArms()),
        comparisons.stream()
            .filter(one -> one.temperature() != ControlTemperature.SAME)
            .map(dev.tiebreak.trainer.ballot.protocol.Comparison::name)
            .collect(Collectors.toSet()),
        judging);
  }

  /** Those of the usual protocol, for votes without a plan: with {@link #SEED} and no order. */
  public static Rules usual() {
    Protocol usual = Protocol.usual();
    return new Rules(
        false,
        usual.analysis().alpha(),
        usual.analysis().smallestEffect(),
        usual.analysis().bootstrap(),
        SEED,
        "",
        List.of(),
        false,
        Set.of(),
        usual.judging());
  }

  public Rules withSeed(long other) {
    return new Rules(
        planned, alpha, smallestEffect, resamples, other, gate, holm, equalArms, matched, judging);
  }

  /** Comparisons in the order in which they are tested; then others, those of equal arms last. */
  List<Comparison> inOrder(List<Comparison> comparisons) {
    List<String> tested = new ArrayList<>(List.of(gate));
    tested.addAll(holm);
    return comparisons.stream()
        .sorted(
            Comparator.comparingInt(
                    (Comparison one) -> {
                      int place = tested.indexOf(one.name());
                      return place < 0 ? tested.size() : place;
                    })
                .thenComparing(Comparison::isSame))
        .toList();
  }

  /** The confidence of intervals in per cent, such as {@code 95}. */
  String percentLevel() {
    double percent = Math.rint(1000 * level()) / 10;
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }

  /** Patterns of signs that are drawn where there are too many for all. */
  int flips() {
    return Math.max(9999, resamples);
  }

  double level() {
    return 1 - alpha;
  }
}
