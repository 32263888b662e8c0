package dev.tiebreak.nn;

import dev.tiebreak.tensor.Tensor;

/**
 * A weight with its name in checkpoints.
 *
 * @param name such as {@code blocks.0.attention.qkv.weight}
 * @param tensor the values; its gradient is the weight's gradient
 * @param decays whether weight decay applies: matrices yes, biases and norms no
 */
public record Parameter(String name, Tensor tensor, boolean decays) {}
