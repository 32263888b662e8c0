package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The Euclidean (Frobenius) norm of all elements, y = sqrt(sum x^2): a scalar of the wide type.
 * Backward: dx = dy x / y, and 0 where y = 0.
 *
 * <p>Squares are summed in blocks of a fixed size and the blocks in order (on the CPU in double),
 * so the result does not depend on how threads shared the work.
 */
public final class EuclideanNorm {
  /** The number of partial sums that {@link #squares} leaves, for any number of elements. */
  static final int PARTS = 1024;

  private static final int BLOCK = 4096;
  private static final int THREADS = 256;
  private static final int MOST_THREADS = 1024;

  private EuclideanNorm() {}

  /** y as a tensor on the tape. */
  static Tensor apply(Tensor x) {
    Tensor parts = x.wideResult(Shape.of(PARTS));
    squares(x, parts);
    Tensor y = ofParts(parts);
    return y.record(() -> backward(x, y), x);
  }

  /**
   * The norm of several tensors together, such as all gradients: a scalar of the wide type in the
   * open tape's scope that nothing has waited for; not on the tape.
   *
   * @param tensors one or more, of types with the same wide type
   */
  public static Tensor ofAll(List<Tensor> tensors) {
    Tensor parts = tensors.getFirst().wideResult(Shape.of(tensors.size(), PARTS));
    for (int i = 0; i < tensors.size(); i++) {
      squares(tensors.get(i), parts.slice(0, i, 1));
    }
    return ofParts(parts);
  }

  /**
   * Writes partial sums whose total is sum x^2; not on the tape.
   *
   * @param parts {@link #PARTS} numbers of x's wide type
   */
  static void squares(Tensor x, Tensor parts) {
    Shapes.require(
        parts.size() == PARTS && parts.dtype() == x.dtype().wide(),
        "norm: partial sums of %s must be %d of %s, got %s",
        x,
        PARTS,
        x.dtype().wide(),
        parts);
    switch (x.backend()) {
      case CpuBackend cpu -> {
        parts.zero();
        cpu.once(() -> parts.set(0, sumOfSquares(cpu, x)));
      }
      case CudaBackend cuda ->
          cuda.kernel(EuclideanNorm.class, "norm_squares", x.dtype())
              .pointer(parts.address())
              .pointer(x.address())
              .count(x.size())
              .count(PARTS)
              .run(blocks(x.size()), THREADS, 0);
    }
  }

  /** How many parts of a GPU's sums over so many elements are worth a block; the rest are 0. */
  static int blocks(long elements) {
    return Math.clamp(Math.ceilDiv(elements, BLOCK), 1, PARTS);
  }

  /** The square root of the total of partial sums, of one tensor or of many: a scalar. */
  static Tensor ofParts(Tensor parts) {
    Tensor y = parts.result(Shape.of());
    switch (y.backend()) {
      case CpuBackend cpu -> cpu.once(() -> y.set(0, Math.sqrt(total(parts))));
      case CudaBackend cuda ->
          cuda.kernel(EuclideanNorm.class, "norm_finish", parts.dtype())
              .pointer(y.address())
              .pointer(parts.address())
              .count(parts.size())
              .run(1, MOST_THREADS, 0);
    }
    return y;
  }

  private static double total(Tensor parts) {
    double sum = 0;
    for (long i = 0; i < parts.size(); i++) {
      sum += parts.get(i);
    }
    return sum;
  }

  private static void backward(Tensor x, Tensor y) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    switch (x.backend()) {
      case CpuBackend _ -> {
        double norm = y.item();
        Loops.accumulate(dx, x, norm == 0 ? 0 : y.gradient().item() / norm, add);
      }
      case CudaBackend cuda ->
          cuda.kernel(EuclideanNorm.class, Loops.name("norm_backward", dx, x), x.dtype())
              .pointer(dx.address())
              .pointer(x.address())
              .pointer(y.address())
              .pointer(y.gradient().address())
              .count(x.size())
              .flag(add)
              .over(x.size());
    }
  }

  private static double sumOfSquares(CpuBackend cpu, Tensor x) {
    long size = x.size();
    if (!cpu.vectorises(x.dtype())) {
      double sum = 0;
      for (long i = 0; i < size; i++) {
        sum += x.get(i) * x.get(i);
      }
      return sum;
    }
    MemorySegment data = x.memory();
    double[] blocks = new double[Math.toIntExact((size + BLOCK - 1) / BLOCK)];
    cpu.forRows(
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
      FloatVector value = load(x, from + j);
      sum = addProduct(sum, value, value, tail(j, n));
    }
    return sum(sum);
  }
}
