package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.cpu.FloatRows;
import dev.tiebreak.tensor.cpu.Simd;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * What entropies are made of: for a row x of logits and z = (x - max) / T, the sum S of e^z and the
 * sum A of e^z z. log S - A / S is the entropy of softmax(x / T).
 *
 * @param max the largest logit
 * @param sum S
 * @param products A
 */
record SoftmaxSums(double max, double sum, double products) {
  /** The least z that is told from smaller ones: e^-100 is zero beside 1, and times 100 too. */
  static final double LEAST_LOG = -100;

  private static final FloatVector LEAST = broadcast((float) LEAST_LOG);

  /** The definition, in double precision; {@code inverse} is 1 / T. */
  static SoftmaxSums of(Tensor x, long start, int n, double inverse) {
    double max = Double.NEGATIVE_INFINITY;
    for (long j = start; j < start + n; j++) {
      max = Math.max(max, x.get(j));
    }
    double sum = 0;
    double products = 0;
    for (long j = start; j < start + n; j++) {
      double z = (x.get(j) - max) * inverse;
      double e = Math.exp(z);
      sum += e;
      products += e == 0 ? 0 : e * z;
    }
    return new SoftmaxSums(max, sum, products);
  }

  /** The same in float32, with vectors. */
  static SoftmaxSums of(MemorySegment x, long start, int n, float inverse) {
    float max = FloatRows.maximum(x, start, n);
    FloatVector shift = broadcast(max);
    FloatVector scale = broadcast(inverse);
    FloatVector sum = broadcast(0);
    FloatVector products = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector z = load(x, start + j).sub(shift).mul(scale).max(LEAST);
      FloatVector e = exp(z);
      sum = sum.add(e, mask);
      products = addProduct(products, e, z, mask);
    }
    return new SoftmaxSums(max, Simd.sum(sum), Simd.sum(products));
  }

  /** The expectation of z under softmax(x / T). */
  double mean() {
    return products / sum;
  }
}
