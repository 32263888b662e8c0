package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.statistics.paired.Equivalence;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the losses allow to say, in sentences. */
final class LossClaims {
  private LossClaims() {}

  /** A sentence for each verdict that there is, then what limits them. */
  static List<String> of(LossAnalysis analysis) {
    double margin = analysis.results().plan().analysis().lossMargin();
    List<String> claims = new ArrayList<>();
    for (Equivalence verdict : Equivalence.values()) {
      String arms = names(analysis, arm -> arm.verdict() == verdict);
      if (!arms.isEmpty()) {
        claims.add(arms + ": " + meaning(verdict, margin));
      }
    }
    if (analysis.arms().size() > 1) {
      claims.add(
          Words.of(
              "p(diff) is corrected for all %d comparisons by Holm's procedure; p(no tie) is that of \"no tie\": small where one is shown.",
              analysis.results().plan().arms().size() - 1));
    }
    int most = analysis.arms().stream().mapToInt(arm -> arm.seeds().size()).max().orElse(0);
    if (most > 1 && SignFlip.smallestP(most) >= analysis.results().plan().analysis().alpha()) {
      claims.add(
          Words.of(
              "With %d seeds, a test without assumptions (sign flips) cannot reach a p below %s.",
              most, SignFlip.smallestP(most)));
    }
    yardstick(analysis).ifPresent(claims::add);
    analysis.interaction().map(LossClaims::interaction).ifPresent(claims::add);
    return claims;
  }

  /** Whether the two shapings add up. */
  private static String interaction(ArmLosses one) {
    return Words.of(
        "Gain x divergence (both - gain - divergence + baseline, 0 if they add up): %s, %s; %s.",
        Format.SIGNED.words(one.tost().sample().mean()),
        Format.SIGNED.words(one.tost().equivalenceInterval()),
        one.verdict());
  }

  private static String names(LossAnalysis analysis, Predicate<ArmLosses> which) {
    return analysis.arms().stream()
        .filter(which)
        .map(ArmLosses::arm)
        .collect(Collectors.joining(", "));
  }

  private static String meaning(Equivalence verdict, double margin) {
    return switch (verdict) {
      case EQUIVALENT -> Words.of("the losses tie, within %s nats.", margin);
      case DIFFERENT ->
          Words.of("the losses differ, and a tie within %s nats is not shown.", margin);
      case INCONCLUSIVE ->
          Words.of(
              "neither a tie within %s nats nor a difference is shown; more seeds are needed.",
              margin);
      case CANNOT_BE_SHOWN ->
          "one seed cannot show a tie, nor a difference: another seed moves the loss, too.";
      case INCOMPLETE ->
          "not all seeds that the plan declares are complete, so nothing is said yet.";
    };
  }

  /** What the other yardstick says, which comes from the same data and so is no test of a plan. */
  private static Optional<String> yardstick(LossAnalysis analysis) {
    if (!(analysis.seedYardstick() > 0)) {
      return Optional.empty();
    }
    String ties =
        names(
            analysis,
            arm ->
                arm.verdict() != Equivalence.INCOMPLETE
                    && arm.bySeeds().orElseThrow().verdict() == Equivalence.EQUIVALENT);
    return Optional.of(
        Words.of(
            "Other yardstick, twice the SD of the baseline's seeds (%s nats): %s.",
            Format.decimal(analysis.seedYardstick()),
            ties.isEmpty() ? "no arm ties within it" : "ties within it: " + ties));
  }
}
