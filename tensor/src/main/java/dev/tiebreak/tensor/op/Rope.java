package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Rotary position embedding (Su et al., 2021) in the rotate-half layout of Llama, on packed
 * queries, keys and values x (B, T, (H + 2 KV) D). In each query and key head, the pair (x[i], x[i
 * + D/2]) is turned by the angle of its position t: y[i] = x[i] cos - x[i + D/2] sin, y[i + D/2] =
 * x[i + D/2] cos + x[i] sin. Values pass unchanged. Backward: the same turn by the negative angle.
 */
public final class Rope {
  private Rope() {}

  /**
   * y, of x's shape.
   *
   * @param cos cosines (at least position + T, D/2), see {@link #table}
   * @param sin sines, same shape
   * @param rotatedHeads how many leading heads turn: H + KV
   * @param headSize D
   * @param position of the first row, 0 unless a cache holds earlier ones
   */
  public static Tensor apply(
      Tensor x, Tensor cos, Tensor sin, int rotatedHeads, int headSize, int position) {
    Shapes.require(headSize % 2 == 0, "rope: head size must be even, got %d", headSize);
    Shapes.require(
        x.shape().rank() >= 2 && rotatedHeads * headSize <= x.dim(-1),
        "rope: %s has fewer than %d heads of %d",
        x.shape(),
        rotatedHeads,
        headSize);
    Shapes.requireSameType("rope", x, cos);
    Shapes.requireSameType("rope", x, sin);
    Shapes.require(
        cos.shape().rank() == 2 && cos.dim(1) == headSize / 2 && cos.shape().equals(sin.shape()),
        "rope: tables of cosines %s and sines %s must be (positions, %d)",
        cos.shape(),
        sin.shape(),
        headSize / 2);
    int length = x.dim(-2);
    Shapes.require(
        position >= 0 && position + length <= cos.dim(0),
        "rope: positions %d to %d are outside the table of %d",
        position,
        position + length - 1,
        cos.dim(0));
    Tensor y = x.like();
    Turn turn = new Turn(cos, sin, rotatedHeads, headSize, position, length, x.dim(-1));
    turn.run(y, x, 1, false);
    return y.record(
        () -> {
          boolean add = x.startGradient();
          turn.run(x.gradient(), y.gradient(), -1, add);
        },
        x);
  }

  /** Fills cos and sin (T, D/2) for angles t * theta^(-2i/D). */
  public static void table(Tensor cos, Tensor sin, double theta) {
    int half = cos.dim(1);
    for (int t = 0; t < cos.dim(0); t++) {
      for (int i = 0; i < half; i++) {
        double angle = t * StrictMath.pow(theta, -(double) i / half);
        cos.set((long) t * half + i, StrictMath.cos(angle));
        sin.set((long) t * half + i, StrictMath.sin(angle));
      }
    }
  }

  /** One rotation of every row, forwards (direction 1) or backwards (-1). */
  private record Turn(
      Tensor cos, Tensor sin, int heads, int headSize, int position, int length, int width) {

    void run(Tensor y, Tensor x, int direction, boolean add) {
      boolean fast = y.cpu().vectorises(y.dtype());
      y.cpu()
          .forRows(
              y.shape().rows(),
              width,
              (from, to, worker) -> {
                for (long r = from; r < to; r++) {
                  long angles = (position + r % length) * (headSize / 2);
                  if (fast) {
                    row(y.memory(), x.memory(), r * width, angles, direction, add);
                  } else {
                    row(y, x, r * width, angles, direction, add);
                  }
                }
              });
    }

    private void row(Tensor y, Tensor x, long start, long angles, int direction, boolean add) {
      int half = headSize / 2;
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < half; i++) {
          long a = start + (long) h * headSize + i;
          double c = cos.get(angles + i);
          double s = direction * sin.get(angles + i);
          double first = x.get(a);
          double second = x.get(a + half);
          y.put(a, first * c - second * s, add);
          y.put(a + half, second * c + first * s, add);
        }
      }
      for (long i = start + (long) heads * headSize; i < start + width; i++) {
        y.put(i, x.get(i), add);
      }
    }

    private void row(
        MemorySegment y, MemorySegment x, long start, long angles, int direction, boolean add) {
      int half = headSize / 2;
      MemorySegment cosines = cos.memory();
      MemorySegment sines = sin.memory();
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < half; i += lanes()) {
          VectorMask<Float> mask = tail(i, half);
          long a = start + (long) h * headSize + i;
          FloatVector c = load(cosines, angles + i, mask);
          FloatVector s = load(sines, angles + i, mask).mul(direction);
          FloatVector first = load(x, a, mask);
          FloatVector second = load(x, a + half, mask);
          put(y, a, first.mul(c).sub(second.mul(s)), mask, add);
          put(y, a + half, second.mul(c).add(first.mul(s)), mask, add);
        }
      }
      long values = start + (long) heads * headSize;
      int n = width - heads * headSize;
      for (int i = 0; i < n; i += lanes()) {
        VectorMask<Float> mask = tail(i, n);
        put(y, values + i, load(x, values + i, mask), mask, add);
      }
    }

    private static void put(
        MemorySegment y, long index, FloatVector value, VectorMask<Float> mask, boolean add) {
      store(y, index, add ? load(y, index, mask).add(value) : value, mask);
    }
  }
}
