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

  private static final Pointwise.Function GELU =
      new Pointwise.Function(
          "gelu",
          0,
          0,
          v -> v / 2 * (1 + Math.tanh(ROOT * (v + CUBIC * v * v * v))),
          (v, y) -> {
            double tanh = Math.tanh(ROOT * (v + CUBIC * v * v * v));
            double slopeU = ROOT * (1 + 3 * CUBIC * v * v);
            return (1 + tanh) / 2 + v / 2 * (1 - tanh * tanh) * slopeU;
          },
          new Fast());

  private Gelu() {}

  /** y, of x's shape. */
  static Tensor apply(Tensor x) {
    return Pointwise.apply(x, GELU);
  }

  private static final class Fast implements Pointwise.VectorLoops {
    @Override
    public void forward(MemorySegment y, MemorySegment x, long from, long to) {
      int n = Math.toIntExact(to - from);
      for (int j = 0; j < n; j += lanes()) {
        VectorMask<Float> mask = tail(j, n);
        long i = from + j;
        FloatVector v = load(x, i);
        store(y, i, v.mul(sigmoid(twiceU(v))), mask);
      }
    }

    @Override
    public void backward(
        Contribution dx, MemorySegment dy, MemorySegment x, MemorySegment y, long from, long to) {
      MemorySegment target = dx.memory();
      boolean add = dx.add();
      int n = Math.toIntExact(to - from);
      for (int j = 0; j < n; j += lanes()) {
        VectorMask<Float> mask = tail(j, n);
        long i = from + j;
        FloatVector v = load(x, i);
        FloatVector s = sigmoid(twiceU(v));
        FloatVector slopeTwiceU = v.mul(v).fma(THRICE_CUBIC, ONE).mul(TWICE_ROOT);
        FloatVector slope = v.mul(s).mul(ONE.sub(s)).fma(slopeTwiceU, s);
        FloatVector d = load(dy, i).mul(slope);
        store(target, i, add ? load(target, i).add(d) : d, mask);
      }
    }
  }

  private static FloatVector twiceU(FloatVector x) {
    FloatVector inner = x.mul(x).fma(CUBIC_LANES, ONE);
    return x.mul(inner).mul(TWICE_ROOT);
  }
}
