package dev.tiebreak.tensor;

import dev.tiebreak.tensor.table.OpCase;
import java.util.Locale;
import java.util.Random;

/**
 * Compares an expression's gradients with central finite differences in float64.
 *
 * <p>The objective is f = sum of w[i] y[i] with random weights w: with all weights equal, an error
 * that sums to zero over the outputs (softmax is full of those) would not be seen. The change of f
 * is summed over the changes of y, so that outputs which do not depend on an element add no
 * rounding error.
 *
 * <p>Small inputs are checked element by element. Of large ones, some random elements are checked,
 * and the derivative along random directions, in which every element takes part.
 */
final class GradientCheck {
  /** Truncation grows with its square, rounding with its inverse; both are near 1e-11 here. */
  static final double EPSILON = 1e-5;

  private static final int ELEMENTS = 40;
  private static final int DIRECTIONS = 3;
  private static final double ABSOLUTE_FLOOR = 1e-5;
  private static final double RELATIVE_FLOOR = 1e-2;

  private final CpuBackend backend;
  private final OpCase op;
  private final double epsilon;
  private final Random random = new Random(1);
  private Tensor[] inputs;
  private double[][] gradients;
  private double[] weights;
  private Scope step;
  private Mismatch worst = new Mismatch(0, "nowhere");

  /** The largest relative error found, and where. */
  record Mismatch(double error, String place) {}

  private GradientCheck(CpuBackend backend, OpCase op, double epsilon) {
    this.backend = backend;
    this.op = op;
    this.epsilon = epsilon;
  }

  /** The largest relative error over all inputs. */
  static Mismatch largestError(CpuBackend backend, OpCase op) {
    return largestError(backend, op, EPSILON);
  }

  static Mismatch largestError(CpuBackend backend, OpCase op, double epsilon) {
    return new GradientCheck(backend, op, epsilon).run();
  }

  private Mismatch run() {
    try (Scope model = backend.newScope("inputs");
        Scope forwardAndBackward = backend.newScope("step")) {
      step = forwardAndBackward;
      inputs = op.inputs(model, DType.F64);
      try (Tape tape = Tape.start(step)) {
        Tensor output = op.apply(inputs);
        Tensor upstream = OpCase.upstream(output);
        weights = upstream.toDoubles();
        tape.backward(output, upstream);
        gradients = OpCase.gradients(inputs);
      }
      for (int i = 0; i < inputs.length; i++) {
        checkInput(i);
      }
      return worst;
    }
  }

  private void checkInput(int input) {
    int size = (int) inputs[input].size();
    double[] gradient = gradients[input];
    double norm = Math.sqrt(dot(gradient, gradient));
    double floor = Math.max(ABSOLUTE_FLOOR, RELATIVE_FLOOR * norm / Math.sqrt(size));
    for (int k = 0; k < Math.min(size, ELEMENTS); k++) {
      int element = size <= ELEMENTS ? k : random.nextInt(size);
      double[] direction = new double[size];
      direction[element] = 1;
      compare(gradient[element], slope(input, direction), floor, input, "element " + element);
    }
    for (int k = 0; k < DIRECTIONS && size > ELEMENTS; k++) {
      double[] direction = random.ints(size, 0, 2).mapToDouble(bit -> 2 * bit - 1).toArray();
      double along = dot(gradient, direction);
      double wide = Math.max(ABSOLUTE_FLOOR, 0.1 * norm);
      compare(along, slope(input, direction), wide, input, "direction " + k);
    }
  }

  private void compare(double byTape, double byDifference, double floor, int input, String where) {
    double scale = Math.max(floor, Math.max(Math.abs(byTape), Math.abs(byDifference)));
    double error = Math.abs(byTape - byDifference) / scale;
    if (!(error <= worst.error)) { // NaN is the worst
      String place =
          String.format(
              Locale.ROOT,
              "%s, input %d, %s: %.12g by the tape, %.12g by differences",
              op,
              input,
              where,
              byTape,
              byDifference);
      worst = new Mismatch(Double.isNaN(error) ? Double.POSITIVE_INFINITY : error, place);
    }
  }

  /** df along a direction, by two evaluations. */
  private double slope(int input, double[] direction) {
    double[] ahead = outputAt(input, direction, epsilon);
    double[] behind = outputAt(input, direction, -epsilon);
    double change = 0;
    for (int i = 0; i < weights.length; i++) {
      change += weights[i] * (ahead[i] - behind[i]);
    }
    return change / (2 * epsilon);
  }

  private double[] outputAt(int input, double[] direction, double distance) {
    Tensor x = inputs[input];
    double[] saved = x.toDoubles();
    for (int i = 0; i < direction.length; i++) {
      x.set(i, saved[i] + distance * direction[i]);
    }
    try (Tape _ = Tape.inference(step)) {
      return op.apply(inputs).toDoubles();
    } finally {
      for (int i = 0; i < saved.length; i++) {
        x.set(i, saved[i]);
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
