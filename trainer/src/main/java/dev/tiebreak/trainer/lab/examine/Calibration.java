package dev.tiebreak.trainer.lab.examine;

/** Whether a model is right as often as it says it is. */
final class Calibration {
  /** Bins of confidence, of equal width. */
  static final int BINS = 15;

  private Calibration() {}

  /**
   * The expected calibration error (Guo et al. 2017, equation 3): over the {@value #BINS} bins of
   * top-1 confidence, the mean of |share of right answers - mean confidence|, weighted by the
   * tokens in each. Bin m holds confidences in ((m - 1) / 15, m / 15].
   *
   * @param confidence of each token's likeliest continuation, in (0, 1]
   * @param right whether that was the one
   */
  static double error(double[] confidence, boolean[] right) {
    double[] gaps = new double[BINS]; // right answers less confidence, summed
    for (int i = 0; i < confidence.length; i++) {
      int bin = Math.clamp((int) Math.ceil(confidence[i] * BINS) - 1, 0, BINS - 1);
      gaps[bin] += (right[i] ? 1 : 0) - confidence[i];
    }
    double error = 0;
    for (double gap : gaps) {
      error += Math.abs(gap);
    }
    return error / confidence.length;
  }
}
