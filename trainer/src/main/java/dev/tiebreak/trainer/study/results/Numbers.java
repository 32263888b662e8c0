package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import tools.jackson.databind.node.ObjectNode;

/** Numbers as they stand in tables and files. */
final class Numbers {
  /** What stands where there is no number. */
  static final String NONE = "-";

  private Numbers() {}

  /** With so many digits after the point; {@value #NONE} for NaN. */
  static String fixed(double value, int digits) {
    return Double.isNaN(value) ? NONE : Words.of("%." + digits + "f", value);
  }

  /** With its sign. */
  static String signed(double value, int digits) {
    return Double.isNaN(value) ? NONE : Words.of("%+." + digits + "f", value);
  }

  /** A p: two digits that count, but nothing below 0.0001. */
  static String p(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (value < 1e-4) {
      return "<.0001";
    }
    return Words.of(value < 0.01 ? "%.4f" : value < 0.1 ? "%.3f" : "%.2f", value);
  }

  /** In a CSV file: all digits, and nothing for NaN. */
  static String csv(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  /** Puts a number into JSON, which has no NaN and no infinity: null stands for them. */
  static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}
