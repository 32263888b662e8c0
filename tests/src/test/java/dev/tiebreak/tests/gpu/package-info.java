/**
 * What runs on a machine with a GPU, and on the simulated CUDA with small sizes: agreement with the
 * CPU, determinism, and how fast a training step is.
 *
 * <p>{@code tests/gpu/run.sh} starts {@link dev.tiebreak.tests.gpu.GpuSuite} once for each section,
 * so that one that crashes takes nothing with it, and once more to put the results of all sections
 * and of PyTorch together. Nothing here needs JUnit: the machine has only what the bundle brings.
 */
package dev.tiebreak.tests.gpu;
