/**
 * The statistics of a study, over plain numbers: {@link
 * dev.tiebreak.trainer.statistics.PairedTTest} and {@link
 * dev.tiebreak.trainer.statistics.PairedTost} ask whether paired figures differ, or are equal
 * within a margin; {@link dev.tiebreak.trainer.statistics.SignFlip} asks the first without assuming
 * a distribution; {@link dev.tiebreak.trainer.statistics.PairedBootstrap} resamples whole clusters;
 * {@link dev.tiebreak.trainer.statistics.Holm} corrects for several tests; {@link
 * dev.tiebreak.trainer.statistics.PowerSimulation} says beforehand what a design can show.
 *
 * <p>Every class names its source. Whatever draws random numbers takes a seed, and gives the same
 * numbers for the same seed.
 *
 * <p>Not here: where the numbers come from, tables and figures, and anything with tensors.
 */
package dev.tiebreak.trainer.statistics;
