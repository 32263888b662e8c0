package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The Euclidean (Frobenius) norm of all elements, y = sqrt(sum x^2): a scalar. Backward: dx = dy x
 * / y, and 0 where y = 0.
 *
 * <p>Squares are summed in blocks of a fixed size and the blocks in double and in order, so the
 * result does not depend on how threads shared the work.
 */
public final class Norm {
  private static final int BLOCK = 4096;

  private Norm() {}

  /** y as a tensor on the tape. */
  public static Tensor apply(Tensor x) {
    Tensor y = x.result(Shape.of());
    y.set(0, Math.sqrt(sumOfSquares(x)));
    return y.record(() -> backward(x, y), x);
  }

  private static void backward(Tensor x, Tensor y) {
    boolean add = x.startGradient();
    double norm = y.item();
    Loops.accumulate(x.gradient(), x, norm == 0 ? 0 : y.gradient().item() / norm, add);
  }

  /** sum x^2 as a number. */
  public static double sumOfSquares(Tensor x) {
    long size = x.size();
    if (!x.cpu().vectorises(x.dtype())) {
      double sum = 0;
      for (long i = 0; i < size; i++) {
        sum += x.get(i) * x.get(i);
      }
      return sum;
    }
    MemorySegment data = x.memory();
    double[] blocks = new double[Math.toIntExact((size + BLOCK - 1) / BLOCK)];
    x.cpu()
        .forRows(
            blocks.length,
            BLOCK,
            (from, to, worker) -> {
              for (long b = from; b < to; b++) {
                blocks[(int) b] = sumOfSquares(data, b * BLOCK, Math.min(size, (b + 1) * BLOCK));
              }
            });
    double sum = 0;
    for (double block : blocks) {
      sum += block;
    }
    return sum;
  }

  private static double sumOfSquares(MemorySegment x, long from, long to) {
    FloatVector sum = broadcast(0);
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      FloatVector value = load(x, from + j, tail(j, n));
      sum = value.fma(value, sum);
    }
    return sum(sum);
  }
}
