/**
 * Votes about the pairs of a study: {@link dev.tiebreak.trainer.study.votes.JudgedFolder} is where
 * they are collected, {@link dev.tiebreak.trainer.study.votes.StudyVotes} what a report about them
 * is made from.
 *
 * <p>Not here: how pairs are shown ({@link dev.tiebreak.trainer.judge}), and what votes say ({@link
 * dev.tiebreak.trainer.evidence.report}).
 */
package dev.tiebreak.trainer.study.votes;
