package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.report.Clustered.RegisteredTest;
import dev.tiebreak.trainer.evidence.report.Verdict.Outcome;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.NullSpread;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The registered rule. Replicated: the test of the gate rejects, the clustered interval is above
 * one half, and comparisons of equal arms do not vary as far. Mechanism shown: so does the
 * comparison at matched temperature, by Holm's procedure. Not replicated: the interval ends below
 * the smallest effect that matters. Otherwise inconclusive.
 */
final class VerdictRule {
  private final Analysis analysis;
  private final List<String> reasons = new ArrayList<>();

  private VerdictRule(Analysis analysis) {
    this.analysis = analysis;
  }

  static Verdict of(Analysis analysis) {
    VerdictRule rule = new VerdictRule(analysis);
    Outcome outcome = rule.outcome();
    return new Verdict(outcome, rule.scope(), rule.reasons);
  }

  private void because(String format, Object... values) {
    reasons.add(Words.of(format, values));
  }

  private String scope() {
    Stratum primary = analysis.primary();
    String plan =
        analysis.rules().planned()
            ? "By the plan's rule."
            : "No plan came with these votes, so the usual rule is applied after the fact.";
    String claim =
        primary.registered().beyond()
            ? "It speaks of training runs like these."
            : "Too few pairs of models for more: it speaks of these checkpoints only.";
    return Words.of("%s Asked: %s. %s", plan, primary.words(), claim);
  }

  private Outcome outcome() {
    Stratum primary = analysis.primary();
    if (primary.kind() == JudgeKind.SCRIPTED) {
      reasons.add(
          "Only scripted judges judged this comparison: that tests the pipeline, not texts.");
      interval(primary);
      return Outcome.NO_CLAIM;
    }
    if (primary.comparison().isSame()) {
      reasons.add("Only equal arms were compared: there is no treatment to speak of.");
      return Outcome.INCONCLUSIVE;
    }
    String gate = analysis.rules().gate();
    boolean otherGate = !gate.isEmpty() && !primary.comparison().name().equals(gate);
    if (otherGate) {
      because("Nobody judged the comparison that the plan asks about first, %s.", gate);
    }
    Optional<Interval> interval = interval(primary);
    RegisteredTest test = test(primary);
    if (primary.kind() != JudgeKind.HUMAN) {
      reasons.add("No person judged this comparison, and the rule asks what people prefer.");
      return Outcome.INCONCLUSIVE;
    }
    if (interval.isEmpty() || otherGate) {
      return Outcome.INCONCLUSIVE;
    }
    return outcome(primary, interval.get(), test.p());
  }

  /** What people's votes on the comparison that was asked about show. */
  private Outcome outcome(Stratum primary, Interval interval, double p) {
    double alpha = analysis.rules().alpha();
    if (interval.high() < analysis.rules().smallestEffect()) {
      because(
          "The interval ends below %s, the smallest preference that was to matter.",
          Format.percent(analysis.rules().smallestEffect()));
      return Outcome.NOT_REPLICATED;
    }
    boolean above = interval.low() > 0.5;
    boolean beyondSame = same(primary);
    boolean rejected = p < alpha;
    if (!above || !rejected) {
      because("For a claim, the interval has to be above 50 %% and the test's p below %s.", alpha);
    }
    if (!above || !rejected || !beyondSame) {
      return Outcome.INCONCLUSIVE;
    }
    return mechanism(alpha) ? Outcome.MECHANISM_SHOWN : Outcome.REPLICATED;
  }

  private Optional<Interval> interval(Stratum stratum) {
    Optional<ClusterRobust> robust = stratum.decisive();
    Tally tally = stratum.tally();
    if (robust.isEmpty()) {
      because(
          "%,d for, %,d against, %,d ties: no clustered interval, as %s.",
          tally.wins(),
          tally.losses(),
          tally.ties(),
          stratum.clustered().robust().missing().orElse(""));
      return Optional.empty();
    }
    because(
        "%s of %,d decisive votes are for %s; %s %% interval with %ss as clusters: %s %%.",
        Format.percent(robust.get().rate()),
        tally.decisive(),
        stratum.comparison().treatment(),
        analysis.rules().percentLevel(),
        robust.get().factors().stream().map(Factor::toString).collect(Collectors.joining("s, ")),
        Format.range(robust.get().interval()));
    return Optional.of(robust.get().interval());
  }

  private RegisteredTest test(Stratum primary) {
    RegisteredTest test = primary.registered();
    reasons.add(
        Double.isFinite(test.p())
            ? Words.of("The registered test, %s: p = %s.", test.test(), Format.p(test.p()))
            : Words.of(
                "The registered test, %s, is not possible: %s.", test.test(), test.missing()));
    return test;
  }

  /** Whether the estimate is farther from one half than comparisons of equal arms. */
  private boolean same(Stratum primary) {
    double[] rates = NullSection.sameRates(analysis);
    Optional<NullSpread> spread =
        NullSpread.of(rates, primary.robust().orElseThrow().rate()).found();
    if (spread.isEmpty()) {
      reasons.add(
          "No comparison of equal arms was judged, so how far they vary by chance is not known.");
      return false;
    }
    boolean beyond = !spread.get().covers();
    because(
        "Comparisons of equal arms vary up to %s points from one half; the estimate is %s.",
        Format.points(spread.get().farthest()), beyond ? "farther" : "no farther");
    return beyond;
  }

  private boolean mechanism(double alpha) {
    List<Stratum> matched =
        analysis.strata().stream()
            .filter(one -> one.kind() == JudgeKind.HUMAN && one.comparison().matched())
            .filter(one -> analysis.adjusted().containsKey(one.comparison().name()))
            .toList();
    if (matched.isEmpty()) {
      reasons.add(
          "People did not judge the comparison at matched temperature, so the mechanism stays open: the"
              + " treatment may only have changed how bold the texts are.");
      return false;
    }
    boolean all = true;
    for (Stratum one : matched) {
      double p = analysis.adjusted().get(one.comparison().name());
      boolean holds = p < alpha && one.tally().net() > 0;
      all &= holds;
      because(
          "%s: %s, Holm's p = %s.",
          one.comparison().words(), holds ? "holds" : "does not hold", Format.p(p));
    }
    return all;
  }
}
