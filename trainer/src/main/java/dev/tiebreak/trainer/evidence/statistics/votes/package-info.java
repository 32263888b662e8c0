/**
 * What votes say. A vote is a {@link dev.tiebreak.trainer.evidence.statistics.votes.Ballot}: an
 * outcome, and the number of its judge, prompt, pair of texts and pair of models.
 *
 * <p>The naive rate is {@link dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate}; those
 * that know what votes share are {@link
 * dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust}, {@link
 * dev.tiebreak.trainer.evidence.statistics.votes.PigeonholeBootstrap}, {@link
 * dev.tiebreak.trainer.evidence.statistics.votes.ClusterTests}, {@link
 * dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs} and {@link
 * dev.tiebreak.trainer.evidence.statistics.votes.MixedLogit}; the rest is what else one asks of
 * votes, such as ties, sides, agreement, influence.
 *
 * <p>Not here: names of judges and arms, and which votes count ({@link
 * dev.tiebreak.trainer.evidence.report}).
 */
package dev.tiebreak.trainer.evidence.statistics.votes;
