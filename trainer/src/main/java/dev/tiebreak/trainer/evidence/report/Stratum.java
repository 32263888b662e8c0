package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Preference;
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
 * @param preference what the registered rule says of them
 */
record Stratum(
    Comparison comparison,
    JudgeKind kind,
    List<Ballot> ballots,
    List<Estimate> naive,
    Clustered clustered,
    Preference preference) {

  /**
   * Computes all of it.
   *
   * @param equalRates of equal arms as the same kind of judges sees them
   */
  static Stratum of(Comparison comparison, JudgeKind kind, Rules rules, double[] equalRates) {
    List<Ballot> ballots = comparison.ballots(kind);
    return new Stratum(
        comparison,
        kind,
        ballots,
        Method.naive(Tally.of(ballots), rules.level()),
        Clustered.of(ballots, rules),
        Preference.of(ballots, equalRates, rules.level(), rules.flips(), rules.seed()));
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

  /** With judges and prompts as clusters. */
  Optional<ClusterRobust> robust() {
    return clustered.robust().found();
  }
}
