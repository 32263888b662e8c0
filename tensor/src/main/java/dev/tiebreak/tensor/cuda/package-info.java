/**
 * What the CUDA backend is made of: kernels compiled at run time, what is copied to and from the
 * GPU, and the times of kernels.
 *
 * <p>Nothing here knows tensors, shapes or gradients: addresses are {@code long}, as in {@link
 * dev.tiebreak.bindings.cuda}. {@link dev.tiebreak.tensor.CudaBackend} owns one of each. An
 * operation asks it for a {@link dev.tiebreak.tensor.cuda.Kernel} by the name of a function in the
 * operation's own {@code .cu} file and gives the kernel its arguments in order.
 *
 * <p>Every kernel file is compiled behind {@code prelude.cuh}, which has the types, 16-byte loads
 * and reductions that they share. It stands in this folder.
 */
package dev.tiebreak.tensor.cuda;
