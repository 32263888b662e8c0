package dev.tiebreak.nn;

import java.util.Locale;

/**
 * The shape of a decoder-only transformer, from GPT-2 to Llama.
 *
 * @param vocabulary V, rows of the token embedding (padded, if the trainer pads)
 * @param sequenceLength T, the longest sequence
 * @param layers the number of blocks
 * @param heads H, query heads
 * @param kvHeads KV, key/value heads; equal to heads for plain multi-head attention
 * @param channels C, the width of the residual stream
 * @param hidden the width of the feed-forward layer (of gate and value each, with SwiGLU)
 * @param positions how positions enter
 * @param norm the normalisation
 * @param activation the feed-forward non-linearity
 * @param tiedHead whether the output head is the token embedding
 * @param bias whether linear layers and layer norms have biases
 * @param dropout probability of dropping, 0 for none
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the variance or mean square
 */
public record GptConfig(
    int vocabulary,
    int sequenceLength,
    int layers,
    int heads,
    int kvHeads,
    int channels,
    int hidden,
    Positions positions,
    NormKind norm,
    Activation activation,
    boolean tiedHead,
    boolean bias,
    double dropout,
    double ropeTheta,
    double normEpsilon) {

  /** How positions enter the model. */
  public enum Positions {
    /** A learned vector per position, added to the token embedding (GPT-2). */
    LEARNED,
    /** Rotation of queries and keys (Llama). */
    ROPE
  }

  /** The normalisation before each sub-layer. */
  public enum NormKind {
    /** Mean and variance (GPT-2). */
    LAYER,
    /** Root mean square (Llama). */
    RMS
  }

  /** The feed-forward non-linearity. */
  public enum Activation {
    /** GELU, tanh form (GPT-2). */
    GELU,
    /** GELU, exact form. */
    GELU_ERF,
    /** Gated SiLU (Llama). */
    SWIGLU
  }

  /** Checks every field; the message names the field, its value and what is allowed. */
  public GptConfig {
    atLeastOne("vocabulary", vocabulary);
    atLeastOne("sequence length", sequenceLength);
    atLeastOne("layers", layers);
    atLeastOne("heads", heads);
    atLeastOne("kv heads", kvHeads);
    atLeastOne("channels", channels);
    atLeastOne("hidden", hidden);
    check(channels % heads == 0, "channels (%d) must be a multiple of heads (%d)", channels, heads);
    check(heads % kvHeads == 0, "heads (%d) must be a multiple of kv heads (%d)", heads, kvHeads);
    check(
        positions != Positions.ROPE || channels / heads % 2 == 0,
        "rope needs an even head size, channels (%d) / heads (%d) is odd",
        channels,
        heads);
    check(dropout >= 0 && dropout < 1, "dropout is %s, must be in [0, 1)", dropout);
    check(ropeTheta > 0, "rope theta is %s, must be positive", ropeTheta);
    check(normEpsilon > 0, "norm epsilon is %s, must be positive", normEpsilon);
  }

  private static void atLeastOne(String name, int value) {
    check(value >= 1, "%s is %d, must be at least 1", name, value);
  }

  private static void check(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, args));
    }
  }

  /** D, the width of one head. */
  public int headSize() {
    return channels / heads;
  }

  /** Columns of packed queries, keys and values: (H + 2 KV) D. */
  public int qkvWidth() {
    return (heads + 2 * kvHeads) * headSize();
  }

  /** The same model for sequences of another length. */
  public GptConfig withSequenceLength(int length) {
    return new GptConfig(
        vocabulary,
        length,
        layers,
        heads,
        kvHeads,
        channels,
        hidden,
        positions,
        norm,
        activation,
        tiedHead,
        bias,
        dropout,
        ropeTheta,
        normEpsilon);
  }
}
