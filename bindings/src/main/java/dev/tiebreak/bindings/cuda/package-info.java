/**
 * CUDA, called safely from Java: the driver, NVRTC, cuBLASLt and cuDNN. What lives here: finding
 * and loading the libraries, and one checked method per thing to do. What does not: tensors,
 * kernels, anything that decides what to compute.
 *
 * <p>Rules that hold everywhere:
 *
 * <ul>
 *   <li>Nothing is loaded before it is asked for. {@link dev.tiebreak.bindings.cuda.Cuda#probe
 *       Cuda.probe} says what is there, from where, in which version, and why not; {@code
 *       LibrarySearch} has the order of search.
 *   <li>The GPU's addresses are {@code long}; host memory is a {@code MemorySegment}.
 *   <li>Every status is checked. A failure is a {@link dev.tiebreak.bindings.cuda.CudaException}
 *       with the call, the code, its name and its text; a failure of {@code close()} is thrown by
 *       the next call in the same context.
 *   <li>What is made is closed by who made it: see {@code -Dtiebreak.cuda.track=true}. With {@code
 *       -Dtiebreak.cuda.sync=true} each launch waits, so that errors name their kernel.
 * </ul>
 */
package dev.tiebreak.bindings.cuda;
