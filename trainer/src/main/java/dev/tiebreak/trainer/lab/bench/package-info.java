/**
 * How fast this machine trains: the matrix rate it reaches, a training step at the same sizes, and
 * the share of the one in the other; and how fast it generates, against the rate of reading memory.
 *
 * <p>Measured in one process, one after the other, as medians, so that a noisy machine disturbs
 * both alike. Comparisons with other programs and loops of single operations live in module {@code
 * tests}.
 */
package dev.tiebreak.trainer.lab.bench;
