package dev.tiebreak.tests.cuda;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.table.OpCase;
import java.util.List;
import java.util.Locale;

/**
 * One operation forwards and backwards on a GPU, real or simulated, against the CPU in float32 on
 * the same numbers.
 */
public final class OpParity {
  /** Of operations that have weights: which inputs those are. */
  private static final List<Weights> WEIGHTS =
      List.of(
          new Weights("linear", 1),
          new Weights("layerNorm", 1),
          new Weights("rmsNorm", 1),
          new Weights("residualRmsNorm", 2),
          new Weights("embedding", 0));

  private record Weights(String op, int first) {}

  private OpParity() {}

  /**
   * How far a result is off.
   *
   * @param error the largest difference of two elements, over the largest element
   * @param place what it is the largest in: the output, or which gradient
   */
  public record Deviation(double error, String place) {
    Deviation larger(Deviation other) {
      return other.error > error || Double.isNaN(other.error) ? other : this;
    }
  }

  /**
   * Compares an operation.
   *
   * @param dtype what the GPU computes with; both get inputs that are rounded to it
   */
  public static Deviation compare(CpuBackend cpu, CudaBackend cuda, OpCase op, DType dtype) {
    return worst(run(cpu, op, DType.F32, dtype, false), run(cuda, op, dtype, dtype, false));
  }

  /** The same in bf16 with gradients of weights in float32; only if the operation has weights. */
  public static Deviation compareWithWideGradients(CpuBackend cpu, CudaBackend cuda, OpCase op) {
    return worst(
        run(cpu, op, DType.F32, DType.BF16, false), run(cuda, op, DType.BF16, DType.BF16, true));
  }

  /** Whether an operation has weights, whose gradients can be wider than they are. */
  public static boolean hasWeights(OpCase op) {
    return firstWeight(op) < Integer.MAX_VALUE;
  }

  private static int firstWeight(OpCase op) {
    return WEIGHTS.stream()
        .filter(weights -> op.name().matches(weights.op + "\\b.*"))
        .mapToInt(Weights::first)
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private static OpCase.Pass run(
      Backend backend, OpCase op, DType dtype, DType values, boolean wide) {
    try (Scope model = backend.newScope("inputs")) {
      Tensor[] inputs = op.inputs(model, dtype, values);
      for (int i = firstWeight(op); wide && i < inputs.length; i++) {
        inputs[i].requireGradient(DType.F32);
      }
      return op.run(backend, inputs, values);
    }
  }

  private static Deviation worst(OpCase.Pass expected, OpCase.Pass actual) {
    Deviation worst = deviation("output", expected.output(), actual.output());
    for (int i = 0; i < expected.gradients().length; i++) {
      worst =
          worst.larger(deviation("gradient " + i, expected.gradients()[i], actual.gradients()[i]));
    }
    return worst;
  }

  private static Deviation deviation(String place, double[] expected, double[] actual) {
    if (expected.length != actual.length) {
      throw new AssertionError(
          String.format(
              Locale.ROOT, "%s has %d elements, not %d", place, actual.length, expected.length));
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i])); // NaN stays NaN
    }
    return new Deviation(difference == 0 ? 0 : difference / largest, place);
  }
}
