package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;

/**
 * One judgment of one pair of texts by one judge, ready to be counted.
 *
 * @param vote as it was read; of several, the first
 * @param ballot the same in numbers
 */
record Judgment(Vote vote, Ballot ballot) {
  /** The same with another outcome. */
  Judgment as(int outcome) {
    return new Judgment(
        vote,
        new Ballot(
            ballot.judge(),
            ballot.prompt(),
            ballot.completion(),
            ballot.seedPair(),
            ballot.treatmentLeft(),
            outcome));
  }

  JudgeKind kind() {
    return vote.judge().kind();
  }
}
