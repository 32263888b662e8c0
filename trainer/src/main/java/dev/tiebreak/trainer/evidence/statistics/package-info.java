/**
 * The statistics of a study, over plain numbers.
 *
 * <p>Of losses and other paired figures: {@link
 * dev.tiebreak.trainer.evidence.statistics.PairedTTest}, {@link
 * dev.tiebreak.trainer.evidence.statistics.PairedTost}, {@link
 * dev.tiebreak.trainer.evidence.statistics.SignFlip}, {@link
 * dev.tiebreak.trainer.evidence.statistics.PairedBootstrap}.
 *
 * <p>Of votes, which are {@link dev.tiebreak.trainer.evidence.statistics.Ballot}s: the naive {@link
 * dev.tiebreak.trainer.evidence.statistics.BinomialRate}; those that know what votes share, {@link
 * dev.tiebreak.trainer.evidence.statistics.ClusterRobust}, {@link
 * dev.tiebreak.trainer.evidence.statistics.PigeonholeBootstrap}, {@link
 * dev.tiebreak.trainer.evidence.statistics.ClusterTests}, {@link
 * dev.tiebreak.trainer.evidence.statistics.SeedPairs} and {@link
 * dev.tiebreak.trainer.evidence.statistics.MixedLogit}; and what else one asks of votes, such as
 * ties, sides, agreement, influence. What cannot be computed is a {@link
 * dev.tiebreak.trainer.evidence.statistics.Finding} with the reason. {@link
 * dev.tiebreak.trainer.evidence.statistics.PowerSimulation} says beforehand what a design can show;
 * {@link dev.tiebreak.trainer.evidence.statistics.Holm} corrects for several tests.
 *
 * <p>Every class names its source. Whatever draws random numbers takes a seed, and gives the same
 * numbers for the same seed. Not here: where the numbers come from, tables and figures, and
 * anything with tensors.
 */
package dev.tiebreak.trainer.evidence.statistics;
