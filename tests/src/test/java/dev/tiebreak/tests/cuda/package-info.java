/**
 * The CUDA backend on the simulated CUDA of {@code src/test/cpp}, which runs the same kernels on
 * the host and looks at every access: what it finds by itself, and what the backend computes on it.
 *
 * <p>Not here: a real GPU, which {@code tests/gpu} is for.
 */
package dev.tiebreak.tests.cuda;
