/**
 * Arrays off the Java heap, what happens to them, and how to run it backwards.
 *
 * <p>{@link dev.tiebreak.tensor.Tensor} is memory with a shape; {@link dev.tiebreak.tensor.Scope}
 * owns memory for one of two lifetimes (the model's or a step's); {@link dev.tiebreak.tensor.Tape}
 * records a step and differentiates it; {@link dev.tiebreak.tensor.Backend} is the device, a CPU or
 * a GPU. The operations are one line each in {@link dev.tiebreak.tensor.TensorOps} and one file
 * each in {@code dev.tiebreak.tensor.op}.
 *
 * <p>Letters used everywhere: B batch, T sequence length, C channels, V vocabulary, H query heads,
 * KV key/value heads, D head size; {@code dx} is the gradient of x.
 *
 * <p>Not here: layers, models, optimizer policy (module nn), files and data (module trainer).
 */
package dev.tiebreak.tensor;
