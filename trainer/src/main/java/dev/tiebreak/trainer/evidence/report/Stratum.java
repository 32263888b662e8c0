package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.evidence.report.Clustered.RegisteredTest;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One comparison as one kind of judges sees it. Kinds are never pooled.
 *
 * @param ballots its judgments in numbers
 * @param naive figures that take votes for independent
 * @param clustered figures that do not
 */
record Stratum(
    Comparison comparison,
    JudgeKind kind,
    List<Ballot> ballots,
    List<Estimate> naive,
    Clustered clustered) {

  static Stratum of(Comparison comparison, JudgeKind kind, Rules rules, boolean unknownSeeds) {
    List<Ballot> ballots = comparison.ballots(kind);
    return new Stratum(
        comparison,
        kind,
        ballots,
        Method.naive(Tally.of(ballots), rules.level()),
        Clustered.of(ballots, rules, unknownSeeds));
  }

  String words() {
    return comparison.words() + ", " + judges(kind);
  }

  static String judges(JudgeKind kind) {
    return switch (kind) {
      case HUMAN -> "people";
      case MODEL -> "models";
      case SCRIPTED -> "scripted judges";
    };
  }

  Tally tally() {
    return Tally.of(ballots);
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
  Optional<ClusterRobust> decisive() {
    return registered().beyond() ? clustered.allWays().found() : robust();
  }

  /** The test that the registered rule names. */
  RegisteredTest registered() {
    return clustered.registered();
  }

  /** With judges and prompts as clusters. */
  Optional<ClusterRobust> robust() {
    return clustered.robust().found();
  }
}
