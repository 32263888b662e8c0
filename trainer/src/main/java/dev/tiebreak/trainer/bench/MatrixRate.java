package dev.tiebreak.trainer.bench;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CpuBackend.Matmul;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The rate of plain matrix products at the sizes of a model's linear layers. */
public final class MatrixRate {
  private static final int WARM_UP = 3;

  private MatrixRate() {}

  /**
   * GFLOP/s over the forward products of one block: total operations divided by the sum of the best
   * times. The best, not the median: what a step is compared with is what the machine can do.
   */
  public static double gflops(CpuBackend cpu, BenchShape shape, int repeats) {
    int c = shape.model().channels();
    int hidden = shape.model().hidden();
    int[][] outIn = {{shape.model().qkvWidth(), c}, {c, c}, {hidden, c}, {c, hidden}};
    double flops = 0;
    double seconds = 0;
    for (int[] layer : outIn) {
      flops += 2.0 * shape.tokens() * layer[0] * layer[1];
      seconds += seconds(cpu, shape.tokens(), layer[0], layer[1], repeats);
    }
    return flops / seconds * 1e-9;
  }

  private static double seconds(CpuBackend cpu, int rows, int out, int in, int repeats) {
    try (Scope scope = cpu.newScope("matrix rate")) {
      Tensor x = filled(scope, rows, in);
      Tensor weight = filled(scope, out, in);
      Tensor y = scope.zeros(DType.F32, rows, out);
      Matmul product = Matmul.dense(false, true, rows, out, in, 0);
      List<Double> times = new ArrayList<>();
      for (int i = -WARM_UP; i < repeats; i++) {
        long start = System.nanoTime();
        cpu.matmul(product, x.data(), weight.data(), y.data(), DType.F32);
        if (i >= 0) {
          times.add((System.nanoTime() - start) * 1e-9);
        }
      }
      return Collections.min(times);
    }
  }

  private static Tensor filled(Scope scope, int rows, int columns) {
    Tensor tensor = scope.zeros(DType.F32, rows, columns);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (i % 17 - 8) / 8.0);
    }
    return tensor;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
