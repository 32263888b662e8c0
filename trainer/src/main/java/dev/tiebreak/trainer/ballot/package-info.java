/**
 * Judgments, whoever made them: {@link dev.tiebreak.trainer.ballot.Vote} and its tables in CSV and
 * JSONL ({@link dev.tiebreak.trainer.ballot.Votes}), the pairs that are judged ({@link
 * dev.tiebreak.trainer.ballot.JudgedPair}), and where judgments are collected ({@link
 * dev.tiebreak.trainer.ballot.VoteSink}).
 *
 * <p>Nothing here trains or needs a model: a table of votes from elsewhere is enough. Who judges is
 * decided in {@code judge}; what votes say is worked out in {@code report} and {@code statistics}.
 */
package dev.tiebreak.trainer.ballot;
