package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Tensor;
import java.util.function.Consumer;

/**
 * The identity, y = x, whose backward lets a hook change the gradient: dx = hook(dy). Everything
 * upstream of x sees the changed gradient, so hooks on the activations of several layers multiply
 * up.
 */
public final class GradientHook {
  private GradientHook() {}

  /** y, sharing x's elements; the hook may change its argument in place. */
  public static Tensor apply(Tensor x, Consumer<Tensor> hook) {
    Tensor y = x.detach();
    return y.record(
        () -> {
          hook.accept(y.gradient());
          boolean add = x.startGradient();
          Loops.accumulate(x.gradient(), y.gradient(), 1, add);
        },
        x);
  }
}
