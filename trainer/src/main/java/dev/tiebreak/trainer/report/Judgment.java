package dev.tiebreak.trainer.report;

import dev.tiebreak.trainer.statistics.Ballot;
import dev.tiebreak.trainer.votes.JudgeKind;
import dev.tiebreak.trainer.votes.Vote;

/**
 * One judgment of one pair of texts by one judge, ready to be counted.
 *
 * @param vote as it was read; of several, the first
 * @param ballot the same in numbers
 */
record Judgment(Vote vote, Ballot ballot) {
  JudgeKind kind() {
    return vote.kind();
  }
}
