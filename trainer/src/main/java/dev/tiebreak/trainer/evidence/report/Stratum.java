package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.evidence.statistics.Ballot;
import dev.tiebreak.trainer.evidence.statistics.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One comparison as one kind of judges sees it. Kinds are never pooled.
 *
 * @param contest the comparison
 * @param kind of judges
 * @param naive figures that take votes for independent
 * @param clustered figures that do not
 */
record Stratum(
    Contest contest, JudgeKind kind, List<Estimate> naive, ClusteredEstimates clustered) {

  static Stratum of(Contest contest, JudgeKind kind, Rules rules, boolean unknownSeeds) {
    List<Ballot> ballots = contest.ballots(kind);
    return new Stratum(
        contest,
        kind,
        RateEstimates.naive(Tally.of(ballots), rules.level()),
        ClusteredEstimates.of(ballots, rules, unknownSeeds));
  }

  /** In words. */
  String words() {
    return contest.words() + ", " + judges(kind);
  }

  static String judges(JudgeKind kind) {
    return switch (kind) {
      case HUMAN -> "people";
      case MODEL -> "models";
      case SCRIPTED -> "scripted judges";
    };
  }

  List<Ballot> ballots() {
    return clustered.ballots();
  }

  Tally tally() {
    return clustered.tally();
  }

  /** All estimates: those that respect clusters first. */
  List<Estimate> estimates() {
    List<Estimate> all = new ArrayList<>(clustered.estimates());
    all.addAll(naive);
    return all;
  }

  /**
   * What the verdict goes by: with seed pairs as clusters, too, if there are enough of them for a
   * claim about other training runs.
   */
  Optional<ClusterRobust> registered() {
    return clustered.primary().beyond() ? clustered.allWays().found() : robust();
  }

  /** With judges and prompts as clusters. */
  Optional<ClusterRobust> robust() {
    return clustered.robust().found();
  }
}
