package dev.tiebreak.losses;

/** What the numbers about a step are called in a log: for who writes them and who reads them. */
public final class Metric {
  /** s in this step. */
  public static final String GAIN_STRENGTH = "gain_strength";

  /** What clamp, floor and eps add to the shaped loss, see {@link GainDiagnostics#residual}. */
  public static final String GAIN_RESIDUAL = "gain_residual";

  /** Mean of the losses. */
  public static final String LOSS_MEAN = "loss_mean";

  /** Population variance of the losses. */
  public static final String LOSS_VARIANCE = "loss_variance";

  /** Skewness of the losses. */
  public static final String LOSS_SKEW = "loss_skew";

  /** First percentile of the losses. */
  public static final String LOSS_P01 = "loss_p01";

  /** Median of the losses. */
  public static final String LOSS_P50 = "loss_p50";

  /** 99th percentile of the losses. */
  public static final String LOSS_P99 = "loss_p99";

  /** Largest loss. */
  public static final String LOSS_MAX = "loss_max";

  /** Mean weight by the formula. */
  public static final String WEIGHT_MEAN_BEFORE_CLAMP = "weight_mean_before_clamp";

  /** Mean weight before renormalisation. */
  public static final String WEIGHT_MEAN_AFTER_CLAMP = "weight_mean_after_clamp";

  /** Mean of the weights that were used. */
  public static final String WEIGHT_MEAN = "weight_mean";

  /** Their standard deviation. */
  public static final String WEIGHT_SD = "weight_sd";

  /** The smallest. */
  public static final String WEIGHT_MIN = "weight_min";

  /** The largest. */
  public static final String WEIGHT_MAX = "weight_max";

  /** Kish's effective sample size as a share of the tokens. */
  public static final String WEIGHT_EFFECTIVE_SHARE = "weight_effective_share";

  /** Share of tokens with a negative weight. */
  public static final String WEIGHT_NEGATIVE_SHARE = "weight_negative_share";

  /** Share of tokens whose weight the clamp changed. */
  public static final String WEIGHT_CLAMPED_SHARE = "weight_clamped_share";

  /** Of a block: its measure d. */
  public static final String DIVERGENCE = "d";

  /** Of a block: its factor f. */
  public static final String FACTOR = "f";

  /** Of the model or a block: the norm of the gradient that is clipped. */
  public static final String GRADIENT_NORM = "gradient_norm";

  /** Of the model or a block: the norm of the gradient before the layer scaling. */
  public static final String GRADIENT_NORM_BEFORE_SCALING = "gradient_norm_before_scaling";

  /** Of a block: the root of the mean of AdamW's second moments. */
  public static final String ROOT_V = "root_v";

  /** Of a block: root mean square of the update over that of the weights. */
  public static final String UPDATE_TO_WEIGHT = "update_to_weight";

  /** Of a step with all its micro-batches: the weight farthest from 0. */
  public static final String STEP_WEIGHT = "step_weight";

  /** Of a step with all its micro-batches: the smallest variance of the losses. */
  public static final String STEP_VARIANCE = "step_variance";

  /** Of a step: the largest factor of a block. */
  public static final String STEP_FACTOR = "step_factor";

  private Metric() {}

  /** The share of tokens in a bin of the histogram of weights, counted from 0. */
  public static String weightBin(int number) {
    return "weight_bin_" + number;
  }

  /** A number about a block, counted from 0. */
  public static String block(int layer, String name) {
    return "block_" + layer + "_" + name;
  }
}
