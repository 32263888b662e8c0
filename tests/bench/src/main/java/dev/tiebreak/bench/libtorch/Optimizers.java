package dev.tiebreak.bench.libtorch;

import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.Locale;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** AdamW (Loshchilov and Hutter, 2019) with weight decay 0.1 on matrices and none elsewhere. */
final class Optimizers {
  private static final double RATE = 1e-4;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-8;
  private static final double DECAY = 0.1;

  private Optimizers() {}

  private static double decay(Tensor weight) {
    return weight.dim() > 1 ? DECAY : 0;
  }

  /** The optimizer of libtorch's C++ API: several passes over each weight. */
  static Runnable plain(List<Tensor> parameters) {
    TensorVector matrices = new TensorVector();
    TensorVector others = new TensorVector();
    for (Tensor weight : parameters) {
      (weight.dim() > 1 ? matrices : others).push_back(weight);
    }
    AdamW decaying = new AdamW(matrices, options(DECAY));
    AdamW other = new AdamW(others, options(0));
    return () -> {
      decaying.step();
      other.step();
    };
  }

  private static AdamWOptions options(double decay) {
    AdamWOptions options = new AdamWOptions(RATE);
    // libstdc++ lays a tuple out backwards.
    options.betas().put(0, BETA2);
    options.betas().put(1, BETA1);
    options.eps().put(EPSILON);
    options.weight_decay().put(decay);
    return options;
  }

  /**
   * One pass over each weight, as {@code torch.optim.AdamW(fused=True)} does in Python. The C++ API
   * has no name for it; TorchScript does.
   */
  static Runnable fused(List<Tensor> parameters) {
    // The unit owns the function, so both must live as long as the optimizer.
    CompilationUnit unit =
        torch.compile(
            String.format(Locale.ROOT, """
            def update(p: Tensor, g: Tensor, m: Tensor, v: Tensor, step: Tensor, decay: float):
                step.add_(1)
                weights = [p]
                torch._fused_adamw_(weights, [g], [m], [v], [], [step], lr=%s, beta1=%s, beta2=%s,
                    weight_decay=decay, eps=%s, amsgrad=False, maximize=False)
                return weights  # or TorchScript takes the call for dead code
            """, RATE, BETA1, BETA2, EPSILON));
    Function update = unit.get_function(new QualifiedName("update"));
    record State(Tensor m, Tensor v, Tensor step) {}
    List<State> states = new ArrayList<>();
    for (Tensor weight : parameters) {
      states.add(new State(torch.zeros_like(weight), torch.zeros_like(weight), zeros()));
    }
    return () -> {
      if (unit.isNull()) {
        throw new IllegalStateException("the script has been given back");
      }
      for (int i = 0; i < parameters.size(); i++) {
        try (PointerScope _ = new PointerScope()) {
          Tensor weight = parameters.get(i);
          State state = states.get(i);
          IValueVector arguments = new IValueVector();
          arguments.push_back(new IValue(weight));
          arguments.push_back(new IValue(weight.grad()));
          arguments.push_back(new IValue(state.m));
          arguments.push_back(new IValue(state.v));
          arguments.push_back(new IValue(state.step));
          arguments.push_back(new IValue(decay(weight)));
          update.apply(arguments);
        }
      }
    };
  }
}
