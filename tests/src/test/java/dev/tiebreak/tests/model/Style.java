package dev.tiebreak.tests.model;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;

/** Models that between them use every layer there is. */
enum Style {
  GPT2(2, Positions.LEARNED, NormKind.LAYER, Activation.GELU, true, true, 0),
  /** The exact GELU, an untied head, no biases, dropout. */
  GPT2_VARIANT(2, Positions.LEARNED, NormKind.LAYER, Activation.GELU_ERF, false, false, 0.2),
  /** Two query heads to a key/value head. */
  LLAMA(1, Positions.ROPE, NormKind.RMS, Activation.SWIGLU, false, false, 0),
  /** A tied head and biases. */
  LLAMA_VARIANT(2, Positions.ROPE, NormKind.RMS, Activation.SWIGLU, true, true, 0);

  static final int VOCABULARY = 29;
  static final int LENGTH = 8;

  private final int kvHeads;
  private final Positions positions;
  private final NormKind norm;
  private final Activation activation;
  private final boolean tiedHead;
  private final boolean bias;
  private final double dropout;

  Style(
      int kvHeads,
      Positions positions,
      NormKind norm,
      Activation activation,
      boolean tiedHead,
      boolean bias,
      double dropout) {
    this.kvHeads = kvHeads;
    this.positions = positions;
    this.norm = norm;
    this.activation = activation;
    this.tiedHead = tiedHead;
    this.bias = bias;
    this.dropout = dropout;
  }

  /** Two layers, two heads. */
  GptConfig config(int channels) {
    return new GptConfig(
        VOCABULARY,
        LENGTH,
        2,
        2,
        kvHeads,
        channels,
        2 * channels,
        positions,
        norm,
        activation,
        tiedHead,
        bias,
        dropout,
        10000,
        1e-5);
  }
}
