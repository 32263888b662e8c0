package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import java.util.ArrayList;
import java.util.List;

/** The weights of a {@link dev.tiebreak.nn.Gpt} in the order in which it makes them. */
final class ModelTensors {
  /** What a weight belongs to. */
  enum Part {
    TOKEN_EMBEDDING,
    POSITION_EMBEDDING,
    ATTENTION,
    FEED_FORWARD,
    NORMS,
    HEAD
  }

  /** One weight tensor and the number of its elements. */
  record Weight(Part part, long elements) {}

  private final GptConfig config;
  private final List<Weight> weights = new ArrayList<>();

  private ModelTensors(GptConfig config) {
    this.config = config;
  }

  static List<Weight> of(GptConfig config) {
    ModelTensors tensors = new ModelTensors(config);
    tensors.addAll();
    return tensors.weights;
  }

  private void addAll() {
    long c = config.channels();
    add(Part.TOKEN_EMBEDDING, config.vocabulary() * c);
    if (config.positions() == Positions.LEARNED) {
      add(Part.POSITION_EMBEDDING, config.sequenceLength() * c);
    }
    int up = config.activation() == Activation.SWIGLU ? 2 * config.hidden() : config.hidden();
    for (int layer = 0; layer < config.layers(); layer++) {
      norm();
      linear(Part.ATTENTION, config.qkvWidth(), c);
      linear(Part.ATTENTION, c, c);
      norm();
      linear(Part.FEED_FORWARD, up, c);
      linear(Part.FEED_FORWARD, c, config.hidden());
    }
    norm();
    if (!config.tiedHead()) {
      add(Part.HEAD, config.vocabulary() * c);
    }
  }

  private void norm() {
    add(Part.NORMS, config.channels());
    if (config.norm() == NormKind.LAYER && config.bias()) {
      add(Part.NORMS, config.channels());
    }
  }

  private void linear(Part part, long out, long in) {
    add(part, out * in);
    if (config.bias()) {
      add(part, out);
    }
  }

  private void add(Part part, long elements) {
    weights.add(new Weight(part, elements));
  }
}
