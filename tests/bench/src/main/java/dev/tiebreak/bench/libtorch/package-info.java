/**
 * GPT-2 on libtorch's C++ API, called through JavaCPP: the strongest peer of our trainer on a CPU.
 *
 * <p>The same shapes, the same kind of data (random tokens) and the same parts of a step as {@code
 * tiebreak bench}: forward, backward, clipping by global norm, AdamW. Settings of threads and
 * memory come from {@code compare.sh}, since libtorch reads them when it is loaded.
 */
package dev.tiebreak.bench.libtorch;
