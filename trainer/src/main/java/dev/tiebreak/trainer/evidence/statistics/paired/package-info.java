/**
 * Tests of numbers that come in pairs, such as losses of two arms by seed: {@link
 * dev.tiebreak.trainer.evidence.statistics.paired.PairedTTest}, equivalence by {@link
 * dev.tiebreak.trainer.evidence.statistics.paired.PairedTost}, {@link
 * dev.tiebreak.trainer.evidence.statistics.paired.SignFlip}, and {@link
 * dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap} over clusters.
 *
 * <p>Not here: votes, which have three outcomes and several clusters each.
 */
package dev.tiebreak.trainer.evidence.statistics.paired;
