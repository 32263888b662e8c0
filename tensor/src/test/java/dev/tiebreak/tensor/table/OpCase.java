package dev.tiebreak.tensor.table;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * One line of {@link OpTable}: an expression and the shapes of the inputs it is differentiated by.
 * The values of the inputs are random but fixed by the name.
 *
 * @param positive whether all inputs are at least 0.3, for logarithms and divisions
 * @param reduction the largest number of terms that any output or gradient element is a sum of
 */
public record OpCase(
    String name,
    Function<Tensor[], Tensor> expression,
    Shape[] shapes,
    boolean positive,
    int reduction) {
  private static final CpuBackend HOST = CpuBackend.scalar();

  public static OpCase op(String name, Function<Tensor[], Tensor> expression, Shape... shapes) {
    int reduction = 1;
    for (Shape shape : shapes) {
      reduction = (int) Math.max(reduction, Math.max(shape.rows(), shape.columns()));
    }
    return new OpCase(name, expression, shapes, false, reduction);
  }

  public static Shape in(int... dims) {
    return Shape.of(dims);
  }

  public OpCase ofPositives() {
    return new OpCase(name, expression, shapes, true, reduction);
  }

  public OpCase named(String suffix) {
    return new OpCase(name + suffix, expression, shapes, positive, reduction);
  }

  /** All inputs as new tensors that require a gradient, rounded to float32 in any type. */
  public Tensor[] inputs(Scope scope, DType dtype) {
    return inputs(scope, dtype, DType.F32);
  }

  /**
   * All inputs as new tensors that require a gradient.
   *
   * @param values the type that the values are rounded to
   */
  public Tensor[] inputs(Scope scope, DType dtype, DType values) {
    var random = new Random(name.hashCode());
    Tensor[] inputs = new Tensor[shapes.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = scope.allocate(dtype, shapes[i]).requireGradient();
      fill(
          inputs[i],
          values,
          () -> {
            double value = random.nextGaussian();
            return positive ? 0.3 + Math.abs(value) : value;
          });
    }
    return inputs;
  }

  private static void fill(Tensor target, DType values, DoubleSupplier source) {
    double[] elements = new double[(int) target.size()];
    Arrays.setAll(elements, i -> rounded((float) source.getAsDouble(), values));
    try (Scope host = HOST.newScope("values")) {
      Tensor copied = host.allocate(DType.F64, target.shape());
      copied.copyFrom(MemorySegment.ofArray(elements));
      target.copyFrom(copied);
    }
  }

  private static float rounded(float value, DType type) {
    if (type != DType.BF16) {
      return value;
    }
    int bits = Float.floatToIntBits(value); // a finite number; to nearest, ties to even
    return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
  }

  public Tensor apply(Tensor... inputs) {
    return expression.apply(inputs);
  }

  /** Random weights for an output: the upstream gradient, never constant. */
  public static Tensor upstream(Tensor output) {
    return upstream(output, DType.F32);
  }

  private static Tensor upstream(Tensor output, DType values) {
    var random = new Random(output.size());
    Tensor weights = output.like();
    fill(weights, values, random::nextGaussian);
    return weights;
  }

  /**
   * What one forward and backward pass gives.
   *
   * @param output the elements of the output
   * @param gradients the elements of each input's gradient
   */
  public record Pass(double[] output, double[][] gradients) {}

  /** Runs the expression forwards, then backwards from {@link #upstream}. */
  public Pass run(Backend backend, DType dtype) {
    try (Scope model = backend.newScope("inputs")) {
      return run(backend, inputs(model, dtype));
    }
  }

  public Pass run(Backend backend, Tensor[] inputs) {
    return run(backend, inputs, DType.F32);
  }

  /**
   * The same.
   *
   * @param values the type that the upstream gradient is rounded to
   */
  public Pass run(Backend backend, Tensor[] inputs, DType values) {
    try (Scope step = backend.newScope("step");
        Tape tape = Tape.start(step)) {
      Tensor output = apply(inputs);
      tape.backward(output, upstream(output, values));
      return new Pass(output.toDoubles(), gradients(inputs));
    }
  }

  /**
   * What a scope was asked for at once at most, and what it took, in bytes, by {@link #run}: two
   * numbers for the inputs and their gradients, two for everything else.
   */
  public List<Long> memory(Backend backend, DType dtype) {
    try (Scope model = backend.newScope("inputs");
        Scope step = backend.newScope("step")) {
      try (Tape tape = Tape.start(step)) {
        Tensor output = apply(inputs(model, dtype));
        tape.backward(output, upstream(output, dtype));
      }
      return List.of(
          model.peakBytes(), model.reservedBytes(), step.peakBytes(), step.reservedBytes());
    }
  }

  /** The gradients of all inputs; zeros where nothing flowed back. */
  public static double[][] gradients(Tensor[] inputs) {
    return Arrays.stream(inputs)
        .map(x -> x.hasGradient() ? x.gradient().toDoubles() : new double[(int) x.size()])
        .toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
