package dev.tiebreak.nn;

import dev.tiebreak.tensor.Tensor;

/**
 * A weight with its name in checkpoints.
 *
 * @param name such as {@code blocks.0.attention.qkv.weight}
 * @param tensor what the model computes with; its gradient is the weight's gradient
 * @param master what the optimizer updates and checkpoints hold: float32 behind a bf16 tensor,
 *     otherwise {@code tensor} itself
 * @param decays whether weight decay applies: matrices yes, biases and norms no
 */
public record Parameter(String name, Tensor tensor, Tensor master, boolean decays) {
  /** A weight that is its own master. */
  public Parameter(String name, Tensor tensor, boolean decays) {
    this(name, tensor, tensor, decays);
  }

  /** Rounds the master to the tensor, after something else than the optimizer has written it. */
  public void refresh() {
    if (master != tensor) {
      tensor.copyFrom(master);
    }
  }
}
