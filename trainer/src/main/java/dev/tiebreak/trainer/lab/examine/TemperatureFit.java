package dev.tiebreak.trainer.lab.examine;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The temperature T* that minimises the cross-entropy of softmax(logits / T) (Guo et al. 2017, "On
 * calibration of modern neural networks", section 4.2). Above 1 the model is too sure of itself,
 * below 1 not sure enough; at T* its mean entropy equals its mean loss.
 *
 * <p>As a function of log T the cross-entropy is smooth, so a polynomial through its values at 13
 * Chebyshev points is that function to about 1e-6 nats, and its minimum is T* to about 1e-5. One
 * pass over the data is enough.
 *
 * @param temperature T*
 * @param loss the cross-entropy there, in nats per token
 * @param atEdge whether T* is an end of the range searched, and the minimum beyond it
 */
record TemperatureFit(double temperature, double loss, boolean atEdge) {
  /** The largest T that is tried; the smallest is 1 / it. */
  static final double MOST = 2;

  private static final int DEGREE = 12; // even, so that T = 1 is among the points
  private static final double RANGE = Math.log(MOST);
  private static final double TOLERANCE = 1e-8; // of log T
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  // Where the cross-entropy is measured, as log T, from RANGE down to -RANGE.
  private static final double[] POINTS =
      IntStream.rangeClosed(0, DEGREE)
          .mapToDouble(k ->
              2 * k == DEGREE ? 0 : RANGE * Math.cos(Math.PI * k / DEGREE)) // the cosine: 6e-17
          .toArray();

  /** The temperatures at which the cross-entropy has to be measured. */
  static double[] temperatures() {
    return DoubleStream.of(POINTS).map(Math::exp).toArray();
  }

  /** The index of T = 1 among them. */
  static int one() {
    return DEGREE / 2;
  }

  /**
   * Finds the minimum.
   *
   * @param losses the mean cross-entropy at each of the {@link #temperatures}
   */
  static TemperatureFit of(double[] losses) {
    double low = -RANGE;
    double high = RANGE;
    while (high - low > TOLERANCE) { // golden section: the function has one minimum
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (interpolate(losses, left) < interpolate(losses, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    double found = (low + high) / 2;
    boolean atEdge = RANGE - Math.abs(found) < 10 * TOLERANCE;
    double logT = atEdge ? Math.copySign(RANGE, found) : found;
    return new TemperatureFit(Math.exp(logT), interpolate(losses, logT), atEdge);
  }

  /** Barycentric interpolation at Chebyshev points (Berrut and Trefethen 2004, equation 5.4). */
  private static double interpolate(double[] values, double at) {
    double numerator = 0;
    double denominator = 0;
    for (int k = 0; k <= DEGREE; k++) {
      double distance = at - POINTS[k];
      if (distance == 0) {
        return values[k];
      }
      double weight = (k % 2 == 0 ? 1 : -1) * (k == 0 || k == DEGREE ? 0.5 : 1) / distance;
      numerator += weight * values[k];
      denominator += weight;
    }
    return numerator / denominator;
  }
}
