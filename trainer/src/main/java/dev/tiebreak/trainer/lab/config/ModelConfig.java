package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [model]}: the network, but for the vocabulary, which the tokenizer decides.
 *
 * @param layers blocks
 * @param heads query heads of each block
 * @param kvHeads key and value heads, a divisor of {@code heads}; 0 takes as many as {@code heads}
 * @param channels width of the residual stream, a multiple of {@code heads}
 * @param hidden width of the feed-forward layer; 0 takes 4 x channels, or with {@code swiglu},
 *     which has three matrices instead of two, 8/3 x channels rounded up to a multiple of 64
 * @param sequenceLength T, tokens of one sequence
 * @param positions how positions enter
 * @param norm the normalisation before each sub-layer
 * @param activation the feed-forward non-linearity
 * @param tiedHead whether the output head is the token embedding
 * @param bias whether linear layers and layer norms have biases
 * @param dropout the probability of dropping an activation in training
 * @param ropeTheta base of the rotary frequencies; not used by learned positions
 * @param normEpsilon added to the variance or mean square
 * @param padVocabulary rows of the token embedding are rounded up to a multiple of this
 */
public record ModelConfig(
    int layers,
    int heads,
    int kvHeads,
    int channels,
    int hidden,
    int sequenceLength,
    Positions positions,
    NormKind norm,
    Activation activation,
    boolean tiedHead,
    boolean bias,
    double dropout,
    double ropeTheta,
    double normEpsilon,
    int padVocabulary) {
  private static final int MAX_WIDTH = 1 << 20;
  private static final int GATED_MULTIPLE = 64;

  /** Checks every value and replaces the zeros that stand for a default. */
  public ModelConfig {
    KeyCheck.between(1, 10_000, "model.layers", layers);
    KeyCheck.between(1, MAX_WIDTH, "model.heads", heads);
    KeyCheck.between(1, MAX_WIDTH, "model.channels", channels);
    KeyCheck.divides("model.heads", heads, "model.channels", channels);
    KeyCheck.between(0, MAX_WIDTH, "model.kv_heads", kvHeads);
    kvHeads = kvHeads == 0 ? heads : kvHeads;
    KeyCheck.divides("model.kv_heads", kvHeads, "model.heads", heads);
    KeyCheck.between(0, MAX_WIDTH, "model.hidden", hidden);
    hidden = hidden == 0 ? usualHidden(channels, activation) : hidden;
    KeyCheck.between(1, MAX_WIDTH, "model.sequence_length", sequenceLength);
    KeyCheck.that(
        positions != Positions.ROPE || channels / heads % 2 == 0,
        "model.heads",
        heads,
        "such that model.channels / model.heads is even where model.positions is \"rope\"");
    KeyCheck.fraction("model.dropout", dropout);
    KeyCheck.positive("model.rope_theta", ropeTheta);
    KeyCheck.positive("model.norm_epsilon", normEpsilon);
    KeyCheck.between(1, MAX_WIDTH, "model.pad_vocabulary", padVocabulary);
  }

  private static int usualHidden(int channels, Activation activation) {
    if (activation != Activation.SWIGLU) {
      return 4 * channels;
    }
    int exact = (8 * channels + 2) / 3;
    return (exact + GATED_MULTIPLE - 1) / GATED_MULTIPLE * GATED_MULTIPLE;
  }

  /** Rows of the token embedding for a tokenizer of so many ids. */
  public int paddedVocabulary(int vocabulary) {
    return Math.ceilDiv(vocabulary, padVocabulary) * padVocabulary;
  }

  /**
   * The network for a tokenizer.
   *
   * @param vocabulary how many ids the tokenizer has; padded here
   */
  public GptConfig gpt(int vocabulary) {
    return new GptConfig(
        paddedVocabulary(vocabulary),
        sequenceLength,
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
