/**
 * The statistics of a study, over plain numbers. Here is what all of them share: a {@link
 * dev.tiebreak.trainer.evidence.statistics.Finding} is a number, or the reason why there is none;
 * {@link dev.tiebreak.trainer.evidence.statistics.Sample}, {@link
 * dev.tiebreak.trainer.evidence.statistics.Interval}, {@link
 * dev.tiebreak.trainer.evidence.statistics.Correlation}, {@link
 * dev.tiebreak.trainer.evidence.statistics.Holm}'s correction, and where random numbers come from.
 *
 * <p>Upon it stand {@code fit} (numerics), {@code paired} (differences of pairs, such as losses),
 * {@code votes} (which also uses both) and {@code power} (simulated studies, upon all of them).
 *
 * <p>Every class names its source. Whatever draws random numbers takes a seed, and gives the same
 * numbers for the same seed. Not here: where the numbers come from, tables and figures, and
 * anything with tensors.
 */
package dev.tiebreak.trainer.evidence.statistics;
