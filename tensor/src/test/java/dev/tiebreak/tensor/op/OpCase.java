package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/**
 * One line of {@link OpTable}: an expression and the shapes of the inputs it is differentiated by.
 * The values of the inputs are random but fixed by the name.
 *
 * @param positive whether all inputs are at least 0.3, for logarithms and divisions
 * @param reduction the largest number of terms that any output or gradient element is a sum of
 */
record OpCase(
    String name,
    Function<Tensor[], Tensor> expression,
    Shape[] shapes,
    boolean positive,
    int reduction) {

  static OpCase op(String name, Function<Tensor[], Tensor> expression, Shape... shapes) {
    int reduction = 1;
    for (Shape shape : shapes) {
      reduction = (int) Math.max(reduction, Math.max(shape.rows(), shape.columns()));
    }
    return new OpCase(name, expression, shapes, false, reduction);
  }

  static Shape in(int... dims) {
    return Shape.of(dims);
  }

  OpCase ofPositives() {
    return new OpCase(name, expression, shapes, true, reduction);
  }

  OpCase named(String suffix) {
    return new OpCase(name + suffix, expression, shapes, positive, reduction);
  }

  /** All inputs as new tensors that require a gradient, rounded to float32 in either type. */
  Tensor[] inputs(Scope scope, DType dtype) {
    var random = new Random(name.hashCode());
    Tensor[] inputs = new Tensor[shapes.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = scope.allocate(dtype, shapes[i]).requireGradient();
      for (long j = 0; j < inputs[i].size(); j++) {
        double value = random.nextGaussian();
        inputs[i].set(j, (float) (positive ? 0.3 + Math.abs(value) : value));
      }
    }
    return inputs;
  }

  Tensor apply(Tensor... inputs) {
    return expression.apply(inputs);
  }

  /** Random weights for an output: the upstream gradient, never constant. */
  static Tensor upstream(Tensor output) {
    var random = new Random(output.size());
    Tensor weights = output.like();
    for (long i = 0; i < weights.size(); i++) {
      weights.set(i, (float) random.nextGaussian());
    }
    return weights;
  }

  /**
   * What one forward and backward pass gives.
   *
   * @param output the elements of the output
   * @param gradients the elements of each input's gradient
   */
  record Pass(double[] output, double[][] gradients) {}

  /** Runs the expression forwards, then backwards from {@link #upstream}. */
  Pass run(CpuBackend backend, DType dtype) {
    try (Scope model = backend.newScope("inputs")) {
      return run(backend, inputs(model, dtype));
    }
  }

  Pass run(CpuBackend backend, Tensor[] inputs) {
    try (Scope step = backend.newScope("step");
        Tape tape = Tape.start(step)) {
      Tensor output = apply(inputs);
      tape.backward(output, upstream(output));
      return new Pass(output.toDoubles(), gradients(inputs));
    }
  }

  /** The gradients of all inputs; zeros where nothing flowed back. */
  static double[][] gradients(Tensor[] inputs) {
    return Arrays.stream(inputs)
        .map(x -> x.hasGradient() ? x.gradient().toDoubles() : new double[(int) x.size()])
        .toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
