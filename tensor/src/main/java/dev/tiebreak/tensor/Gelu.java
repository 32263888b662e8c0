package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.sigmoid;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * GELU in its tanh form (Hendrycks and Gimpel, 2016; GPT-2): y = x/2 (1 + tanh(u)), u = sqrt(2/pi)
 * (x + 0.044715 x^3). Any shape. With s = (1 + tanh u)/2 = sigmoid(2u): y = x s and dx = dy (s + 2
 * x s (1 - s) u').
 */
final class Gelu {
  private static final double ROOT = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;
  private static final FloatVector ONE = broadcast(1);
  private static final FloatVector TWICE_ROOT = broadcast((float) (2 * ROOT));
  private static final FloatVector CUBIC_LANES = broadcast((float) CUBIC);
  private static final FloatVector THRICE_CUBIC = broadcast((float) (3 * CUBIC));

  private Gelu() {}

  /** y, of x's shape. */
  static Tensor apply(Tensor x) {
    Tensor y = x.like();
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, y, x);
      case CudaBackend cuda ->
          cuda.kernel(Gelu.class, "gelu_forward", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .count(x.size())
              .over(x.size());
    }
    return y.record(() -> backward(x, y), x);
  }

  private static void forward(CpuBackend cpu, Tensor y, Tensor x) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forElements(
        x.size(),
        (from, to, worker) -> {
          if (fast) {
            forward(y.memory(), x.memory(), from, to);
          } else {
            forward(y, x, from, to);
          }
        });
  }

  private static void forward(Tensor y, Tensor x, long from, long to) {
    for (long i = from; i < to; i++) {
      double v = x.get(i);
      y.set(i, v / 2 * (1 + Math.tanh(ROOT * (v + CUBIC * v * v * v))));
    }
  }

  private static void forward(MemorySegment y, MemorySegment x, long from, long to) {
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      long i = from + j;
      FloatVector v = load(x, i);
      store(y, i, v.mul(sigmoid(twiceU(v))), mask);
    }
  }

  private static FloatVector twiceU(FloatVector x) {
    FloatVector inner = x.mul(x).fma(CUBIC_LANES, ONE);
    return x.mul(inner).mul(TWICE_ROOT);
  }

  private static void backward(Tensor x, Tensor y) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    Shapes.requireSameType("gelu", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, dy, x, add);
      case CudaBackend cuda ->
          cuda.kernel(Gelu.class, "gelu_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .pointer(x.address())
              .count(x.size())
              .flag(add)
              .over(x.size());
    }
  }

  private static void backward(CpuBackend cpu, Tensor dx, Tensor dy, Tensor x, boolean add) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forElements(
        x.size(),
        (from, to, worker) -> {
          if (fast) {
            backward(dx.memory(), dy.memory(), x.memory(), from, to, add);
          } else {
            backward(dx, dy, x, from, to, add);
          }
        });
  }

  private static void backward(Tensor dx, Tensor dy, Tensor x, long from, long to, boolean add) {
    for (long i = from; i < to; i++) {
      double v = x.get(i);
      double tanh = Math.tanh(ROOT * (v + CUBIC * v * v * v));
      double slopeU = ROOT * (1 + 3 * CUBIC * v * v);
      dx.put(i, dy.get(i) * ((1 + tanh) / 2 + v / 2 * (1 - tanh * tanh) * slopeU), add);
    }
  }

  private static void backward(
      MemorySegment dx, MemorySegment dy, MemorySegment x, long from, long to, boolean add) {
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      long i = from + j;
      FloatVector v = load(x, i);
      FloatVector s = sigmoid(twiceU(v));
      FloatVector slopeTwiceU = v.mul(v).fma(THRICE_CUBIC, ONE).mul(TWICE_ROOT);
      FloatVector slope = v.mul(s).mul(ONE.sub(s)).fma(slopeTwiceU, s);
      FloatVector d = load(dy, i).mul(slope);
      store(dx, i, add ? load(dx, i).add(d) : d, mask);
    }
  }
}
