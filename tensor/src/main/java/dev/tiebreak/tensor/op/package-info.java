/**
 * One operation, one file: formula and shapes in the Javadoc, {@code apply} (checks, forward,
 * record), and for each direction two loops, a scalar one that defines it and a vector one that is
 * fast. float64 runs the scalar loops, float32 the vector loops, and a test compares the two.
 *
 * <p>To add an operation: write its file here, add its line to {@link
 * dev.tiebreak.tensor.TensorOps}, add its line to {@code OpTable} in this package's tests. That is
 * all; nothing lands without a backward and a gradient check. Compose before adding: subtraction,
 * division and means are lines in {@code TensorOps} without a file of their own.
 *
 * <p>A backward adds into {@code x.gradient()}; {@code x.startGradient()} says whether there is
 * something to add to or the buffer must be overwritten. What backward needs is captured by its
 * lambda.
 *
 * <p>Vector loops count in {@code int}, mask their last lanes with {@code Simd.tail} (a comparison,
 * no branch) on {@code Tensor.memory()}, and keep {@code broadcast} outside: otherwise the compiler
 * remakes them for ever or makes an object of every vector.
 *
 * <p>{@code AdamWUpdate} is an operation on memory without a backward. Not here: threads, matrix
 * products and vector functions ({@code dev.tiebreak.tensor.cpu}).
 */
package dev.tiebreak.tensor.op;
