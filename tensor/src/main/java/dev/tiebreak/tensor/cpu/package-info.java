/**
 * What the CPU backend is made of: the thread team, the matrix product in two versions and one for
 * few rows, and the vocabulary of vector loops.
 *
 * <p>Nothing here knows tensors, shapes or gradients, and nothing outside the tensor module sees
 * it. Operations write their loops with {@link dev.tiebreak.tensor.cpu.Simd}; {@link
 * dev.tiebreak.tensor.CpuBackend} owns one {@link dev.tiebreak.tensor.cpu.WorkerPool} and one
 * {@link dev.tiebreak.tensor.cpu.Gemm}.
 *
 * <p>All work is divided by our own threads, and OpenBLAS runs single-threaded inside them: two
 * thread teams on the same cores fight, and a fixed division keeps results equal from run to run.
 */
package dev.tiebreak.tensor.cpu;
