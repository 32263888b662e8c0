package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * Values along a line of a picture, with round numbers marked.
 *
 * @param step between two marks
 */
public record Axis(double low, double high, double from, double to, double step) {
  private static final double ROOM = 0.04; // beyond the outermost values, as a share

  /** An axis from the first value to the last exactly, such as steps of a training. */
  public static Axis exact(double least, double most, double from, double to, int marks) {
    double high = most > least ? most : least + 1;
    return new Axis(least, high, from, to, round((high - least) / marks));
  }

  /** An axis with a little room around the values. */
  public static Axis around(double least, double most, double from, double to, int marks) {
    double span = most > least ? most - least : Math.max(Math.abs(least), 1) * 0.1;
    double middle = (least + most) / 2;
    double half = span * (0.5 + ROOM);
    return new Axis(middle - half, middle + half, from, to, round(2 * half / marks));
  }

  /** The next larger of 1, 2 and 5 times a power of ten. */
  private static double round(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    double digits = step / power;
    double factor = digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10;
    return factor * power;
  }

  /** The place of a value, in pixels. */
  public double at(double value) {
    return from + (to - from) * (value - low) / (high - low);
  }

  /** The marked values, rising. */
  public List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    long last = (long) Math.floor(high / step + 1e-9);
    for (long i = (long) Math.ceil(low / step - 1e-9); i <= last; i++) {
      marks.add(i * step);
    }
    return marks;
  }

  /** A marked value in words, with as many digits as tell it from the next. */
  public String label(double mark) {
    if (step >= 1e5) {
      return Words.of(mark == 0 ? "0" : digits(step / 1e6) + "M", mark / 1e6);
    }
    String text = Words.of(digits(step), mark);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }

  private static String digits(double step) {
    int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
    return digits == 0 ? "%,.0f" : "%." + digits + "f";
  }
}
