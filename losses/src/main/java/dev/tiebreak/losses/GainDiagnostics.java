package dev.tiebreak.losses;

import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to watch about a token gain, from one micro-batch: the distribution of the losses, the
 * weights and how many tokens they leave in effect.
 *
 * @param strength s in this step
 * @param residual shaped loss - plain loss - what the pure formula adds to it: zero where no clamp,
 *     floor or eps acts; null where the formula is not of a token's loss and the losses' moments
 * @param weightMeanAfterClamp before renormalisation
 * @param weightMean of the weights that were used
 * @param effectiveTokens Kish's effective sample size as a share, (sum w)^2 / (n sum w^2)
 * @param negative share of tokens with a negative weight
 * @param clamped share of tokens whose weight the clamp changed
 * @param histogram shares of tokens by weight, in {@link #BINS} bins of width {@link #BIN_WIDTH}
 *     from 0 on, the last one without an end; empty where all weights are equal
 */
public record GainDiagnostics(
    double strength,
    Double residual,
    double lossMean,
    double lossVariance,
    double lossSkew,
    double lossP1,
    double lossMedian,
    double lossP99,
    double lossMax,
    double weightMeanBeforeClamp,
    double weightMeanAfterClamp,
    double weightMean,
    double weightDeviation,
    double weightMin,
    double weightMax,
    double effectiveTokens,
    double negative,
    double clamped,
    List<Double> histogram) {
  /** How many bins the histogram of weights has. */
  public static final int BINS = 20;

  /** How wide each is. */
  public static final double BIN_WIDTH = 0.25;

  /** Copies the list. */
  public GainDiagnostics {
    histogram = List.copyOf(histogram);
  }

  /** Reads the tensors of a shaped loss; call before the tape closes. */
  public static GainDiagnostics of(Tensor losses, ShapedLoss shaped) {
    double[] l = counted(losses, shaped.mask());
    double[] w = counted(shaped.weights(), shaped.mask());
    double[] raw = counted(shaped.unclamped(), shaped.mask());
    double[] bounded = counted(shaped.clamped(), shaped.mask());
    double weightMean = mean(w);
    double lossMean = mean(l);
    double variance = moment(l, lossMean, 2);
    double skew = variance == 0 ? 0 : moment(l, lossMean, 3) / Math.pow(variance, 1.5);
    int clamped = 0;
    int negative = 0;
    double squares = 0;
    for (int i = 0; i < w.length; i++) {
      clamped += bounded[i] != raw[i] ? 1 : 0;
      negative += w[i] < 0 ? 1 : 0;
      squares += w[i] * w[i];
    }
    int n = w.length;
    Arrays.sort(l);
    return new GainDiagnostics(
        shaped.strength(),
        residual(shaped, l, lossMean, variance),
        lossMean,
        variance,
        skew,
        quantile(l, 0.01),
        quantile(l, 0.5),
        quantile(l, 0.99),
        l[n - 1],
        mean(raw),
        mean(bounded),
        weightMean,
        Math.sqrt(moment(w, weightMean, 2)),
        Arrays.stream(w).min().orElseThrow(),
        Arrays.stream(w).max().orElseThrow(),
        squares == 0 ? 0 : weightMean * weightMean * n / squares,
        (double) negative / n,
        (double) clamped / n,
        histogram(w));
  }

  private static List<Double> histogram(double[] w) {
    if (Arrays.stream(w).distinct().count() == 1) {
      return List.of();
    }
    int[] counts = new int[BINS];
    for (double weight : w) {
      if (weight >= 0) {
        counts[(int) Math.min(BINS - 1, weight / BIN_WIDTH)]++;
      }
    }
    return Arrays.stream(counts).mapToObj(count -> (double) count / w.length).toList();
  }

  private static Double residual(ShapedLoss shaped, double[] l, double mean, double variance) {
    if (shaped.pure() == null) {
      return null;
    }
    double pure = 0;
    for (double loss : l) {
      pure += loss * shaped.pure().at(quantity -> of(quantity, loss, mean, variance)) / l.length;
    }
    double added = shaped.loss().item() - shaped.plain().item();
    return added - (pure - mean);
  }

  private static double of(Quantity quantity, double loss, double mean, double variance) {
    return switch (quantity) {
      case LOSS -> loss;
      case PROBABILITY -> Math.exp(-loss);
      case MEAN -> mean;
      case VARIANCE -> variance;
      case DEVIATION -> Math.sqrt(variance);
      default -> throw new IllegalArgumentException(quantity + " is not of the losses");
    };
  }

  private static double[] counted(Tensor values, Tensor mask) {
    double[] all = values.toDoubles();
    if (mask == null) {
      return all;
    }
    double[] counts = mask.toDoubles();
    double[] kept = new double[all.length];
    int n = 0;
    for (int i = 0; i < all.length; i++) {
      if (counts[i] != 0) {
        kept[n++] = all[i];
      }
    }
    return Arrays.copyOf(kept, n);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double moment(double[] values, double center, int power) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow(value - center, power);
    }
    return sum / values.length;
  }

  /** The nearest-rank quantile of sorted values. */
  private static double quantile(double[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(rank, 0, sorted.length - 1)];
  }

  /** Name and value pairs for a log, in a fixed order; without what is null. */
  public Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    map.put(Metric.GAIN_STRENGTH, strength);
    if (residual != null) {
      map.put(Metric.GAIN_RESIDUAL, residual);
    }
    map.put(Metric.LOSS_MEAN, lossMean);
    map.put(Metric.LOSS_VARIANCE, lossVariance);
    map.put(Metric.LOSS_SKEW, lossSkew);
    map.put(Metric.LOSS_P01, lossP1);
    map.put(Metric.LOSS_P50, lossMedian);
    map.put(Metric.LOSS_P99, lossP99);
    map.put(Metric.LOSS_MAX, lossMax);
    map.put(Metric.WEIGHT_MEAN_BEFORE_CLAMP, weightMeanBeforeClamp);
    map.put(Metric.WEIGHT_MEAN_AFTER_CLAMP, weightMeanAfterClamp);
    map.put(Metric.WEIGHT_MEAN, weightMean);
    map.put(Metric.WEIGHT_SD, weightDeviation);
    map.put(Metric.WEIGHT_MIN, weightMin);
    map.put(Metric.WEIGHT_MAX, weightMax);
    map.put(Metric.WEIGHT_EFFECTIVE_SHARE, effectiveTokens);
    map.put(Metric.WEIGHT_NEGATIVE_SHARE, negative);
    map.put(Metric.WEIGHT_CLAMPED_SHARE, clamped);
    for (int i = 0; i < histogram.size(); i++) {
      map.put(Metric.weightBin(i), histogram.get(i));
    }
    return map;
  }
}
