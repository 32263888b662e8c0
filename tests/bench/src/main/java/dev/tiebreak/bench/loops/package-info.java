/**
 * JMH benchmarks of the loops of a training step, one by one, through the public tensor API, at the
 * sizes of the small shape: B 16, T 256, C 384, 6 heads, V 256.
 *
 * <p>{@code loops.sh} runs them all in under three minutes. They tell which operation a change made
 * faster; whether training is faster, {@code tiebreak bench} tells.
 */
package dev.tiebreak.bench.loops;
