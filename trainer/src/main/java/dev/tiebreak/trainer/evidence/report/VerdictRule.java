package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.report.Verdict.Outcome;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.Preference;
import dev.tiebreak.trainer.evidence.statistics.votes.Preference.Scope;
import dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs;
import dev.tiebreak.trainer.evidence.statistics.votes.SideWeights;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The registered rule, over the votes that the plan's exclusions leave. What is shown of a
 * comparison {@link Preference} says. Not replicated: the interval ends below the smallest effect
 * that matters. Replicated: a preference is shown over training runs. Mechanism shown: so it is at
 * matched temperature, by Holm's procedure. Preferred: it is shown of these checkpoints, and there
 * are too few pairs of models to speak of others. Otherwise inconclusive.
 */
final class VerdictRule {
  private static final int MOST_NAMED = 40;

  private final Analysis analysis;
  private final List<String> reasons = new ArrayList<>();

  private VerdictRule(Analysis analysis) {
    this.analysis = analysis;
  }

  static Verdict of(Analysis analysis) {
    VerdictRule rule = new VerdictRule(analysis);
    rule.exclusions();
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
        primary.preference().scope() == Scope.TRAINING_RUNS
            ? "It speaks of training runs like these."
            : Words.of(
                "It speaks of these checkpoints only: for training runs like these, %d pairs of models from seeds of their own are needed, and the seed of every vote.",
                SeedPairs.FEWEST_FOR_A_CLAIM);
    return Words.of("%s Asked: %s. %s", plan, primary.words(), claim);
  }

  private void exclusions() {
    List<String> out = List.copyOf(analysis.leftOut().keySet());
    if (out.isEmpty()) {
      return;
    }
    if (analysis.nobodyIsLeft()) {
      reasons.add("The rules leave out every judge, so what follows is of everybody.");
      return;
    }
    because(
        "%d %s left out: %s%s.",
        out.size(),
        out.size() == 1 ? "judge is" : "judges are",
        String.join(", ", out.subList(0, Math.min(MOST_NAMED, out.size()))),
        out.size() > MOST_NAMED ? " and more" : "");
    List<Ballot> everybody = analysis.everybodysPrimary().ballots(analysis.kind());
    Clustered.robust(everybody, analysis.rules().level())
        .found()
        .ifPresent(robust ->
            because(
                "With everybody it would be %s, %s %%.",
                Format.percent(robust.rate()), Format.range(robust.interval())));
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
    test(primary.preference());
    if (primary.kind() != JudgeKind.HUMAN) {
      reasons.add("No person judged this comparison, and the rule asks what people prefer.");
      return Outcome.INCONCLUSIVE;
    }
    if (interval.isEmpty() || otherGate || analysis.nobodyIsLeft()) {
      return Outcome.INCONCLUSIVE;
    }
    return outcome(primary.preference(), interval.get());
  }

  /** What people's votes on the comparison that was asked about show. */
  private Outcome outcome(Preference preference, Interval interval) {
    double alpha = analysis.rules().alpha();
    if (interval.high() < analysis.rules().smallestEffect()) {
      because(
          "The interval ends below %s, the smallest preference that was to matter.",
          Format.percent(analysis.rules().smallestEffect()));
      return Outcome.NOT_REPLICATED;
    }
    if (!preference.isShown(alpha)) {
      because(
          "For a claim, the interval has to be above 50 %% and every p below %s; the largest is %s.",
          alpha, Format.p(preference.p()));
      return Outcome.INCONCLUSIVE;
    }
    if (preference.scope() == Scope.CHECKPOINTS) {
      return Outcome.PREFERRED;
    }
    if (analysis.rules().equalArms() && preference.equalArms().isEmpty()) {
      reasons.add(
          "The plan compares equal arms, too, and nobody judged them: how far training runs differ by"
              + " chance is not known as it was to be.");
      return Outcome.PREFERRED;
    }
    return mechanism(alpha) ? Outcome.MECHANISM_SHOWN : Outcome.REPLICATED;
  }

  private Optional<Interval> interval(Stratum stratum) {
    Optional<ClusterRobust> robust = stratum.preference().clustered().found();
    Tally tally = stratum.tally();
    if (robust.isEmpty()) {
      because(
          "%,d for, %,d against, %,d ties: no clustered interval, as %s.",
          tally.wins(),
          tally.losses(),
          tally.ties(),
          stratum.preference().clustered().missing().orElse(""));
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
    if (!stratum.preference().weights().equals(SideWeights.ONE)) {
      reasons.add(
          "The treatment stood on one side more often than on the other, so votes with it on the left"
              + " and on the right count alike here.");
    }
    return Optional.of(robust.get().interval());
  }

  private void test(Preference preference) {
    if (Double.isFinite(preference.testP())) {
      because("The registered test, %s: p = %s.", preference.test(), Format.p(preference.testP()));
    } else {
      because(
          "The registered test, %s, is not possible: %s.", preference.test(), preference.missing());
    }
    preference
        .equalArms()
        .ifPresentOrElse(
            spread ->
                because(
                    "With the variance of %d pairs of equal arms, which have an SD of %s points, pooled in: p = %s.",
                    spread.equal(), Format.points(spread.sd()), Format.p(spread.p())),
            () -> {
              if (analysis.same().isEmpty()) {
                reasons.add("No comparison of equal arms was judged.");
              }
            });
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
      Preference preference = one.preference();
      boolean holds =
          p < alpha && preference.favoursTreatment() && preference.scope() == Scope.TRAINING_RUNS;
      all &= holds;
      because(
          "%s: %s, Holm's p = %s.",
          one.comparison().words(), holds ? "holds" : "does not hold", Format.p(p));
    }
    return all;
  }
}
