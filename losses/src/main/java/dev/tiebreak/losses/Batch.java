package dev.tiebreak.losses;

import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * What formulas can name, of one micro-batch or of a whole step; each worked out once, when it is
 * first asked for.
 */
final class Batch {
  private static final double SMALLEST_VARIANCE = 1e-30; // equal losses weigh 1, not 0 / 0

  private final Prediction prediction;
  private final Tokens tokens;
  private final GainSettings settings;
  private final Moments source;
  private final boolean momentsFlow;
  private final Map<Quantity, Tensor> constants = new EnumMap<>(Quantity.class);
  private final Map<Quantity, Tensor> flowing = new EnumMap<>(Quantity.class);
  private Tensor mean; // null until it is asked for
  private Tensor variance;
  private Moments.Pair moments; // as set; null until they are asked for

  /**
   * @param known constants that are not worked out of the prediction: a reference model's losses
   * @param momentsFlow whether anything asks for moments that a gradient flows through
   */
  Batch(
      Prediction prediction,
      Map<Quantity, Tensor> known,
      Tokens tokens,
      GainSettings settings,
      Moments source,
      boolean momentsFlow) {
    this.prediction = prediction;
    this.tokens = tokens;
    this.settings = settings;
    this.source = source;
    this.momentsFlow = momentsFlow;
    constants.putAll(known);
  }

  Tokens tokens() {
    return tokens;
  }

  long microBatch() {
    return prediction.microBatch();
  }

  /**
   * A quantity of tokens (B, T) or of the micro-batch (scalar).
   *
   * @param flows whether a gradient flows through it, into losses and logits
   */
  Tensor get(Quantity quantity, boolean flows) {
    Map<Quantity, Tensor> known = flows ? flowing : constants;
    Tensor value = known.get(quantity);
    if (value == null) {
      value = make(quantity, flows);
      known.put(quantity, value);
    }
    return value;
  }

  private Tensor make(Quantity quantity, boolean flows) {
    return switch (quantity) {
      case LOSS -> cut(prediction.losses(), flows);
      case PROBABILITY -> get(Quantity.LOSS, flows).scale(-1).exp();
      case MEAN -> cut(moments().mean(), flows);
      case VARIANCE -> floored(cut(moments().variance(), flows));
      case DEVIATION -> get(Quantity.VARIANCE, flows).power(0.5);
      case ENTROPY -> cut(prediction.logits(), flows).entropy();
      case EXPECTED_VARIANCE -> floored(prediction.logits().detach().surprisalVariance());
      case UNIFORM -> cut(prediction.logits(), flows).uniformCrossEntropy();
      case REFERENCE -> constants.get(quantity); // its losses have no gradient
      case STRENGTH, EPSILON, COUNT ->
          throw new IllegalStateException(quantity + " is a number, put in before");
    };
  }

  private static Tensor cut(Tensor x, boolean flows) {
    return flows ? x : x.detach();
  }

  private Tensor floored(Tensor variance) {
    return variance.clamp(Math.max(settings.floor(), SMALLEST_VARIANCE), Double.MAX_VALUE);
  }

  private Moments.Pair moments() {
    if (moments == null) {
      moments = source.of(mean(), variance());
    }
    return moments;
  }

  /** The mean of its losses. */
  Tensor mean() {
    if (mean == null) {
      mean = tokens.mean(get(Quantity.LOSS, momentsFlow));
    }
    return mean;
  }

  /** The population variance of its losses. */
  Tensor variance() {
    if (variance == null) {
      variance = tokens.variance(get(Quantity.LOSS, momentsFlow), mean());
    }
    return variance;
  }

  /** Whether a formula needs moments, of this micro-batch or averaged. */
  static boolean usesMoments(Formula formula) {
    return formula.uses(Quantity.MEAN)
        || formula.uses(Quantity.VARIANCE)
        || formula.uses(Quantity.DEVIATION);
  }
}
