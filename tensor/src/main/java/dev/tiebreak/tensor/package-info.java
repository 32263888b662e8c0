/**
 * Arrays off the Java heap, what happens to them, and how to run it backwards.
 *
 * <p>{@link dev.tiebreak.tensor.Tensor} is memory with a shape; {@link dev.tiebreak.tensor.Scope}
 * owns memory for one of two lifetimes (the model's or a step's); {@link dev.tiebreak.tensor.Tape}
 * records a step and differentiates it; {@link dev.tiebreak.tensor.Backend} is the device, a CPU or
 * a GPU. The operations are one line each in {@code TensorOps} and one file each here, seen by
 * nobody else: they are called as methods of {@code Tensor}. {@link
 * dev.tiebreak.tensor.AdamWUpdate}, an update of memory without a way back, and {@link
 * dev.tiebreak.tensor.EuclideanNorm#ofAll} are no methods of one tensor; attention has a package of
 * its own; {@link dev.tiebreak.tensor.Operation} is the door for operations of others.
 *
 * <p>Letters used everywhere: B batch, T sequence length, C channels, V vocabulary, H query heads,
 * KV key/value heads, D head size; {@code dx} is the gradient of x.
 *
 * <h2>One operation, one file</h2>
 *
 * <p>Formula and shapes in the Javadoc, {@code apply} (checks, forward, record), and for each
 * direction two loops, a scalar one that defines it and a vector one that is fast. float64 runs the
 * scalar loops, float32 the vector loops, and a test compares the two. On a GPU the same formula is
 * a kernel in the {@code .cu} file of the same name beside it; a {@code switch} over the backend
 * chooses, and a test compares GPU and CPU.
 *
 * <p>To add an operation: write its Java file and its {@code .cu} here, add its line to {@code
 * TensorOps}, add its line to {@code OpTable} in the tests beside. That is all; nothing lands
 * without a backward and a gradient check. Compose before adding: subtraction, division and means
 * are lines in {@code TensorOps} without a file of their own. A function of one element needs no
 * file for its kernels, only a struct in {@code Pointwise.cu} (see {@code Silu}).
 *
 * <p>A backward adds into {@code x.gradient()}; {@code x.startGradient()} says whether there is
 * something to add to or the buffer must be overwritten, {@link dev.tiebreak.tensor.Contribution}
 * is the two together. What backward needs is captured by its lambda. The gradient of a weight may
 * be of a wider type than the weight, so what sums into one (products, {@code Loops}) has a kernel
 * for either type.
 *
 * <p>Vector loops count in {@code int}, load whole vectors from {@code Tensor.memory()}, mask the
 * last lanes of what they store or sum with {@code Simd.tail} (a comparison, no branch), keep
 * {@code broadcast} outside, and begin sums with {@code broadcast(0)}, not with a constant:
 * otherwise the compiler remakes them for ever or makes an object of every vector.
 *
 * <p>A kernel's text is compiled behind {@code prelude.cuh} (in {@code dev.tiebreak.tensor.cuda}):
 * a thread works on packs of 16 bytes, which {@code load_pack} and {@code store_pack} cut at the
 * end of a row; arithmetic is in float; sums have a fixed order.
 *
 * <p>Not here: threads, matrix products and vector functions ({@code dev.tiebreak.tensor.cpu}); how
 * kernels are compiled and started ({@code dev.tiebreak.tensor.cuda}); layers, models, optimizer
 * policy (module nn), files and data (module trainer).
 */
package dev.tiebreak.tensor;
