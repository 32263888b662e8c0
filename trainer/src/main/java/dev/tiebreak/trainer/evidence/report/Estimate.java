package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.report.Method.Scale;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;

/**
 * What one method says of the votes.
 *
 * @param method how it came about
 * @param value NaN if it cannot be computed from these votes, and for tests
 * @param interval its ends are NaN if there is none
 * @param p two-sided, of no preference; NaN if there is none
 * @param remark what it assumes, in one plain sentence; why there is no value, if there is none
 */
record Estimate(Method method, double value, Interval interval, double p, String remark) {

  /** What was found, or why these votes do not allow it. */
  static Estimate of(Method method, Finding<Estimate> found) {
    return found
        .found()
        .orElseGet(() ->
            new Estimate(
                method,
                Double.NaN,
                Interval.NONE,
                Double.NaN,
                "Not computed: " + found.missing().orElseThrow() + "."));
  }

  Estimate remarking(String other) {
    return new Estimate(method, value, interval, p, other);
  }

  /** Whether there is a value or a p. */
  boolean isPresent() {
    return Double.isFinite(value) || Double.isFinite(p);
  }

  String words() {
    return method.scale() == Scale.TEST ? Format.NONE : method.scale().format().words(value);
  }

  String range() {
    return Double.isFinite(interval.low()) ? method.scale().format().words(interval) : Format.NONE;
  }
}
