package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.List;
import java.util.Optional;

/**
 * Whether votes show a preference, by the one rule that every comparison goes by: the gate, those
 * behind it and their correction by Holm. All of its tests have to reject, so that p, the largest
 * of theirs, is that of an intersection-union test (Berger, Technometrics 24 (1982)): it is never
 * too small, however the tests depend on each other.
 *
 * <p>Of training runs like these, with {@value SeedPairs#FEWEST_FOR_A_CLAIM} pairs of models or
 * more: the t-test over seed pairs, with the variance of equal arms pooled in where those were
 * judged, see {@link NullSpread}, which alone takes the prompts as given; and the rate with judges,
 * prompts and seed pairs as clusters. Of these checkpoints only, with fewer: sign flips of whole
 * prompts, and the rate with judges and prompts as clusters.
 *
 * @param scope of what it speaks
 * @param test the first test, in words
 * @param testP its p, two-sided, without equal arms
 * @param clustered the rate and its interval
 * @param weights what votes count by their sides, in all but sign flips
 * @param equalArms that test with equal arms, where they were judged: its p takes {@code testP}'s
 *     place
 * @param p the largest of all p's, two-sided; NaN if one of the tests is not possible
 * @param missing why that is; else empty
 */
public record Preference(
    Scope scope,
    String test,
    double testP,
    Finding<ClusterRobust> clustered,
    SideWeights weights,
    Optional<NullSpread> equalArms,
    double p,
    String missing) {
  /** Of what a preference can be said. */
  public enum Scope {
    /** Of the pairs of models that were judged. */
    CHECKPOINTS,
    /** Of other training runs of the same kind, too. */
    TRAINING_RUNS
  }

  /**
   * Applies the rule.
   *
   * @param ballots of one comparison and one kind of judges
   * @param equalRates decisive win rates of equal arms, one for each pair of models
   * @param level of intervals, such as 0.95
   * @param flips patterns of signs that are drawn where there are too many for all
   */
  public static Preference of(
      List<Ballot> ballots, double[] equalRates, double level, int flips, long seed) {
    SideWeights weights = SideWeights.evening(ballots);
    return SeedPairs.of(ballots, level, flips, seed, weights)
        .found()
        .filter(pairs -> pairs.refusal().isEmpty())
        .map(pairs ->
            ofTrainingRuns(
                pairs, ClusterRobust.allWays(ballots, level, weights), weights, equalRates))
        .orElseGet(() -> ofCheckpoints(ballots, level, flips, seed, weights));
  }

  private static Preference ofTrainingRuns(
      SeedPairs pairs, Finding<ClusterRobust> clustered, SideWeights weights, double[] equalRates) {
    Optional<NullSpread> equal = NullSpread.of(pairs.rates().values(), equalRates).found();
    double p = equal.map(NullSpread::p).orElse(pairs.test().p());
    return of(
        Scope.TRAINING_RUNS,
        Words.of("t-test over %d seed pairs", pairs.rates().size()),
        pairs.test().p(),
        clustered,
        weights,
        equal,
        p,
        "");
  }

  private static Preference ofCheckpoints(
      List<Ballot> ballots, double level, int flips, long seed, SideWeights weights) {
    Finding<ClusterRobust> clustered =
        ClusterRobust.of(
            ballots,
            List.of(Factor.JUDGE, Factor.PROMPT),
            level,
            ClusterRobust.Degrees.SATTERTHWAITE,
            weights);
    Finding<ClusterTests> prompts = ClusterTests.of(Factor.PROMPT, ballots, flips, seed);
    double p = prompts.found().map(one -> one.flip().p()).orElse(Double.NaN);
    String test =
        prompts
            .found()
            .map(one -> Words.of("sign flips of %d whole prompts", one.flip().n()))
            .orElse("sign flips of whole prompts");
    String missing = prompts.missing().orElse("");
    return of(Scope.CHECKPOINTS, test, p, clustered, weights, Optional.empty(), p, missing);
  }

  private static Preference of(
      Scope scope,
      String test,
      double testP,
      Finding<ClusterRobust> clustered,
      SideWeights weights,
      Optional<NullSpread> equal,
      double p,
      String missing) {
    double all = Math.max(p, clustered.found().map(ClusterRobust::p).orElse(Double.NaN));
    String why = missing.isEmpty() ? clustered.missing().orElse("") : missing;
    return new Preference(scope, test, testP, clustered, weights, equal, all, why);
  }

  /** The rate's interval, if there is one. */
  public Optional<Interval> interval() {
    return clustered.found().map(ClusterRobust::interval);
  }

  /** Whether more than half of the decisive votes are for the treatment. */
  public boolean favoursTreatment() {
    return clustered.found().filter(one -> one.rate() > 0.5).isPresent();
  }

  /** Whether a preference for the treatment is shown at a level such as 0.05. */
  public boolean isShown(double alpha) {
    return p < alpha && favoursTreatment();
  }
}
