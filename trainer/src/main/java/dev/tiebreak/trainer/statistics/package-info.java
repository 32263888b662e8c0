/**
 * The statistics of a study, over plain numbers.
 *
 * <p>Of losses and other paired figures: {@link dev.tiebreak.trainer.statistics.PairedTTest},
 * {@link dev.tiebreak.trainer.statistics.PairedTost}, {@link
 * dev.tiebreak.trainer.statistics.SignFlip}, {@link
 * dev.tiebreak.trainer.statistics.PairedBootstrap}.
 *
 * <p>Of votes, which are {@link dev.tiebreak.trainer.statistics.Ballot}s: the naive {@link
 * dev.tiebreak.trainer.statistics.BinomialRate}; those that know what votes share, {@link
 * dev.tiebreak.trainer.statistics.ClusterRobust}, {@link
 * dev.tiebreak.trainer.statistics.PigeonholeBootstrap}, {@link
 * dev.tiebreak.trainer.statistics.ClusterTests}, {@link dev.tiebreak.trainer.statistics.SeedPairs}
 * and {@link dev.tiebreak.trainer.statistics.MixedLogit}; and what else one asks of votes, such as
 * ties, sides, agreement, influence. What cannot be computed is a {@link
 * dev.tiebreak.trainer.statistics.Finding} with the reason. {@link
 * dev.tiebreak.trainer.statistics.PowerSimulation} says beforehand what a design can show; {@link
 * dev.tiebreak.trainer.statistics.Holm} corrects for several tests.
 *
 * <p>Every class names its source. Whatever draws random numbers takes a seed, and gives the same
 * numbers for the same seed. Not here: where the numbers come from, tables and figures, and
 * anything with tensors.
 */
package dev.tiebreak.trainer.statistics;
