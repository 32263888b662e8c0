package dev.tiebreak.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How far results are from what they must be: the largest difference in a tensor over the largest
 * magnitude in it, and of all tensors the worst. (Relative to each element would ask for digits
 * that cancellation has removed.)
 */
final class Deviations {
  private double worst;
  private String where = "nothing compared";
  private int compared;

  /** Compares one tensor. */
  void add(String name, double[] actual, double[] expected) {
    add(name, actual, expected, 0);
  }

  /**
   * Compares one tensor.
   *
   * @param terms magnitude of the terms that a tensor is the small difference of: what rounding is
   *     measured by where it is larger than the tensor's own
   */
  void add(String name, double[] actual, double[] expected, double terms) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    double difference = 0;
    double magnitude = terms;
    for (int i = 0; i < expected.length; i++) {
      double gap = Math.abs(actual[i] - expected[i]);
      difference = Double.isNaN(gap) ? Double.POSITIVE_INFINITY : Math.max(difference, gap);
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    double deviation = difference / (magnitude == 0 ? 1 : magnitude);
    if (compared == 0 || deviation > worst) {
      worst = deviation;
      where = name;
    }
    compared++;
  }

  /** Compares one number. */
  void add(String name, double actual, double expected) {
    add(name, new double[] {actual}, new double[] {expected});
  }

  /** Fails unless something was compared and nothing deviates by more. */
  void assertAtMost(double tolerance) {
    assertThat(compared).as("tensors compared").isPositive();
    assertThat(worst)
        .as("worst of %d deviations is %.2e, in %s", compared, worst, where)
        .isLessThanOrEqualTo(tolerance);
  }
}
