package dev.tiebreak.losses.formula;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a formula can name. q is the predicted distribution of a token's place; means and variances
 * are over the tokens that count.
 */
public enum Quantity {
  /** The cross-entropy of a token, in nats. */
  LOSS("l", Extent.TOKEN, 0, Double.POSITIVE_INFINITY),
  /** The probability of its target. */
  PROBABILITY("p", Extent.TOKEN, 0, 1),
  /** The mean of l. */
  MEAN("m", Extent.BATCH, 0, Double.POSITIVE_INFINITY),
  /** The population variance of l, at least the floor. */
  VARIANCE("v", Extent.BATCH, Double.MIN_VALUE, Double.POSITIVE_INFINITY),
  /** Its root. */
  DEVIATION("sigma", Extent.BATCH, Double.MIN_VALUE, Double.POSITIVE_INFINITY),
  /** The entropy of q, in nats. */
  ENTROPY("H", Extent.TOKEN, 0, Quantity.MOST_ENTROPY),
  /** The variance of -log q under q, at least the floor; it has no gradient. */
  EXPECTED_VARIANCE("V", Extent.TOKEN, Double.MIN_VALUE, Double.POSITIVE_INFINITY),
  /** The mean of -log q over the vocabulary. */
  UNIFORM("u", Extent.TOKEN, 0, Double.POSITIVE_INFINITY),
  /** The token's loss under a reference model. */
  REFERENCE("r", Extent.TOKEN, 0, Double.POSITIVE_INFINITY),
  /** The strength, after its warm-up. */
  STRENGTH("s", Extent.FIXED, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
  /** What is added to a variance that is divided by. */
  EPSILON("eps", Extent.FIXED, 0, Double.POSITIVE_INFINITY),
  /** How many tokens count. */
  COUNT("n", Extent.FIXED, 1, Double.POSITIVE_INFINITY);

  /** For how much one value holds. */
  public enum Extent {
    /** Known before the micro-batch has run. */
    FIXED,
    /** One for the micro-batch. */
    BATCH,
    /** One for each token. */
    TOKEN
  }

  private static final double MOST_ENTROPY = 64; // of vocabularies below e^64

  private final String symbol;
  private final Extent extent;
  private final Bounds bounds;

  Quantity(String symbol, Extent extent, double low, double high) {
    this.symbol = symbol;
    this.extent = extent;
    this.bounds = new Bounds(low, high);
  }

  /** How a formula names it. */
  public String symbol() {
    return symbol;
  }

  /** For how much one value holds. */
  public Extent extent() {
    return extent;
  }

  Bounds bounds() {
    return bounds;
  }

  static Optional<Quantity> of(String symbol) {
    return Arrays.stream(values()).filter(q -> q.symbol.equals(symbol)).findFirst();
  }

  /** All names, in order. */
  public static List<String> symbols() {
    return Arrays.stream(values()).map(Quantity::symbol).toList();
  }
}
