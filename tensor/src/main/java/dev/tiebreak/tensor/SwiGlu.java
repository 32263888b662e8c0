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
 * The gated unit of Llama-style networks (Shazeer, 2020): x (..., 2H) holds a gate g (first half)
 * and a value u (second half); y (..., H) = g sigmoid(g) u. With s = sigmoid(g): dg = dy u s (1 + g
 * (1 - s)), du = dy g s.
 */
final class SwiGlu {
  private SwiGlu() {}

  /** y, with half of x's columns. */
  static Tensor apply(Tensor x) {
    Shapes.require(
        x.shape().columns() % 2 == 0, "swiglu: columns must be even, shape is %s", x.shape());
    int h = x.shape().columns() / 2;
    Tensor y = x.result(x.shape().with(-1, h));
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, y, x, h);
      case CudaBackend cuda ->
          cuda.kernel(SwiGlu.class, "swiglu_forward", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .count(h)
              .rows(y.shape().rows(), h);
    }
    return y.record(() -> backward(x, y, h), x);
  }

  private static void forward(CpuBackend cpu, Tensor y, Tensor x, int h) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        y.shape().rows(),
        h,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              row(y.memory(), x.memory(), r * h, h);
            } else {
              row(y, x, r * h, h);
            }
          }
        });
  }

  private static void row(Tensor y, Tensor x, long start, int h) {
    for (int j = 0; j < h; j++) {
      double g = x.get(2 * start + j);
      y.set(start + j, g / (1 + Math.exp(-g)) * x.get(2 * start + h + j));
    }
  }

  private static void row(MemorySegment y, MemorySegment x, long start, int h) {
    for (int j = 0; j < h; j += lanes()) {
      VectorMask<Float> mask = tail(j, h);
      FloatVector g = load(x, 2 * start + j);
      FloatVector u = load(x, 2 * start + h + j);
      store(y, start + j, g.mul(sigmoid(g)).mul(u), mask);
    }
  }

  private static void backward(Tensor x, Tensor y, int h) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    Shapes.requireSameType("swiglu", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, dy, x, h, add);
      case CudaBackend cuda ->
          cuda.kernel(SwiGlu.class, "swiglu_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .pointer(x.address())
              .count(h)
              .flag(add)
              .rows(y.shape().rows(), h);
    }
  }

  private static void backward(CpuBackend cpu, Tensor dx, Tensor dy, Tensor x, int h, boolean add) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        dy.shape().rows(),
        h,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              backwardRow(dx.memory(), dy.memory(), x.memory(), r * h, h, add);
            } else {
              backwardRow(dx, dy, x, r * h, h, add);
            }
          }
        });
  }

  private static void backwardRow(Tensor dx, Tensor dy, Tensor x, long start, int h, boolean add) {
    for (int j = 0; j < h; j++) {
      double g = x.get(2 * start + j);
      double u = x.get(2 * start + h + j);
      double s = 1 / (1 + Math.exp(-g));
      double d = dy.get(start + j);
      dx.put(2 * start + j, d * u * s * (1 + g * (1 - s)), add);
      dx.put(2 * start + h + j, d * g * s, add);
    }
  }

  private static void backwardRow(
      MemorySegment dx, MemorySegment dy, MemorySegment x, long start, int h, boolean add) {
    for (int j = 0; j < h; j += lanes()) {
      VectorMask<Float> mask = tail(j, h);
      long gate = 2 * start + j;
      long value = 2 * start + h + j;
      FloatVector g = load(x, gate);
      FloatVector s = sigmoid(g);
      FloatVector d = load(dy, start + j);
      FloatVector silu = g.mul(s);
      FloatVector slope = silu.fma(broadcast(1f).sub(s), s); // s (1 + g (1 - s))
      FloatVector dg = d.mul(load(x, value)).mul(slope);
      FloatVector du = d.mul(silu);
      store(dx, gate, add ? load(dx, gate).add(dg) : dg, mask);
      store(dx, value, add ? load(dx, value).add(du) : du, mask);
    }
  }
}
