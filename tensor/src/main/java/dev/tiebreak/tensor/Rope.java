package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Rotary position embedding (Su et al., 2021) in the rotate-half layout of Llama, on packed
 * queries, keys and values x (B, T, (H + 2 KV) D). In each query and key head, the pair (x[i], x[i
 * + D/2]) is turned by the angle of its position t: y[i] = x[i] cos - x[i + D/2] sin, y[i + D/2] =
 * x[i + D/2] cos + x[i] sin. Values pass unchanged. Backward: the same turn by the negative angle.
 */
final class Rope {
  private Rope() {}

  /**
   * y, of x's shape.
   *
   * @param rotatedHeads how many leading heads turn: H + KV
   * @param position of the first row, 0 unless a cache holds earlier ones
   */
  static Tensor apply(Tensor x, Rotation rotation, int rotatedHeads, int position) {
    Turn turn = turn(x, rotation, rotatedHeads, position);
    Tensor y = x.like();
    turn.run(y, x, 1, false);
    return y.record(
        () -> {
          boolean add = x.startGradient();
          Shapes.requireSameType("rope", x.gradient(), x);
          turn.run(x.gradient(), y.gradient(), -1, add);
        },
        x);
  }

  /**
   * The same in x's place: y takes over x's memory and gradient, which saves both and a third of
   * the copying. Only for a row-major result that nothing else reads and whose own backward does
   * not read it, such as a product's.
   */
  static Tensor inPlace(Tensor x, Rotation rotation, int rotatedHeads, int position) {
    Turn turn = turn(x, rotation, rotatedHeads, position);
    turn.run(x, x, 1, false);
    Tensor y = x.slice(0, 0, x.dim(0)); // a view, so that the gradients are one too
    return y.record(() -> turn.run(y.gradient(), y.gradient(), -1, false), x);
  }

  private static Turn turn(Tensor x, Rotation rotation, int rotatedHeads, int position) {
    int headSize = rotation.headSize();
    Shapes.require(
        x.shape().rank() >= 2 && rotatedHeads * headSize <= x.dim(-1),
        "rope: %s has fewer than %d heads of %d",
        x.shape(),
        rotatedHeads,
        headSize);
    Shapes.require(
        rotation.cos().dtype() == x.dtype().wide(),
        "rope: tables for %s must be %s, got %s",
        x.dtype(),
        x.dtype().wide(),
        rotation.cos().dtype());
    int length = x.dim(-2);
    Shapes.require(
        position >= 0 && position + length <= rotation.positions(),
        "rope: positions %d to %d are outside the table of %d",
        position,
        position + length - 1,
        rotation.positions());
    return new Turn(
        rotation.cos(), rotation.sin(), rotatedHeads, headSize, position, length, x.dim(-1));
  }

  /** One rotation of every row, forwards (direction 1) or backwards (-1). */
  private record Turn(
      Tensor cos, Tensor sin, int heads, int headSize, int position, int length, int width) {

    void run(Tensor y, Tensor x, int direction, boolean add) {
      switch (y.backend()) {
        case CpuBackend cpu -> run(cpu, y, x, direction, add);
        case CudaBackend cuda ->
            cuda.kernel(Rope.class, "rope_turn", y.dtype())
                .pointer(y.address())
                .pointer(x.address())
                .pointer(cos.address())
                .pointer(sin.address())
                .count(width)
                .integer(heads)
                .integer(headSize / 2)
                .integer(position)
                .integer(length)
                .real(direction)
                .flag(add)
                .rows(y.shape().rows(), heads * headSize / 2); // a thread for each pair of packs
      }
    }

    private void run(CpuBackend cpu, Tensor y, Tensor x, int direction, boolean add) {
      boolean fast = cpu.vectorises(y.dtype());
      cpu.forRows(
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
          FloatVector c = load(cosines, angles + i);
          FloatVector s = load(sines, angles + i).mul(direction);
          FloatVector first = load(x, a);
          FloatVector second = load(x, a + half);
          put(y, a, first.mul(c).sub(second.mul(s)), mask, add);
          put(y, a + half, second.mul(c).add(first.mul(s)), mask, add);
        }
      }
      long values = start + (long) heads * headSize;
      int n = width - heads * headSize;
      for (int i = 0; i < n; i += lanes()) {
        VectorMask<Float> mask = tail(i, n);
        put(y, values + i, load(x, values + i), mask, add);
      }
    }

    private static void put(
        MemorySegment y, long index, FloatVector value, VectorMask<Float> mask, boolean add) {
      store(y, index, add ? load(y, index).add(value) : value, mask);
    }
  }
}
