package dev.tiebreak.losses;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/** Gathers the {@link StepExtremes} of a step where the micro-batches are; waits for nothing. */
final class Watch {
  private final Tensor weights; // (4): smallest and largest so far, of the latest micro-batch
  private final Tensor variances; // (2): smallest so far, of the latest micro-batch
  private boolean empty = true;

  Watch(Scope kept, DType type) {
    weights = kept.zeros(type, 4);
    variances = kept.zeros(type, 2);
  }

  /** A step begins. */
  void begin() {
    empty = true;
  }

  void add(ShapedLoss shaped) {
    Tensor w = shaped.weights().detach();
    Tensor range = (shaped.mask() == null ? w : w.mul(shaped.mask())).extremes();
    Tensor variance = shaped.variance().detach().reshape(1);
    if (empty) {
      weights.slice(0, 0, 2).copyFrom(range);
      variances.slice(0, 0, 1).copyFrom(variance);
    }
    weights.slice(0, 2, 2).copyFrom(range);
    variances.slice(0, 1, 1).copyFrom(variance);
    weights.slice(0, 0, 2).copyFrom(weights.extremes());
    variances.slice(0, 0, 1).copyFrom(variances.extremes().slice(0, 0, 1));
    empty = false;
  }

  /**
   * The numbers to be read back, one element each; needs an open tape.
   *
   * @param factors of the blocks (L); null if there are none
   */
  Tensor[] scalars(Tensor factors) {
    Tensor low = weights.slice(0, 0, 1);
    Tensor high = weights.slice(0, 1, 1);
    Tensor factor = factors == null ? low.affine(0, 1) : factors.extremes().slice(0, 1, 1);
    return new Tensor[] {low, high, variances.slice(0, 0, 1), factor};
  }

  /** What those numbers are, once they have been read. */
  static StepExtremes read(double low, double high, double variance, double factor) {
    return new StepExtremes(-low > high ? low : high, variance, factor);
  }
}
