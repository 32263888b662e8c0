package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.trainer.base.UserError;
import java.util.stream.Stream;

/**
 * A model and batch to measure.
 *
 * @param model GPT-2 style
 * @param batch sequences per step
 */
public record BenchShape(String name, GptConfig model, int batch) {
  /**
   * The shape of this name.
   *
   * @throws UserError if there is none
   */
  public static BenchShape of(String name) {
    return Stream.of(tiny(), small(), gpt2())
        .filter(shape -> shape.name.equals(name))
        .findFirst()
        .orElseThrow(
            () -> new UserError("no shape '" + name + "'; shapes are tiny, small, gpt2-124m"));
  }

  /** 10.8 M weights, 4,096 tokens a step: what a study on a CPU trains. */
  public static BenchShape small() {
    return new BenchShape("small", gpt2(256, 256, 6, 6, 384), 16);
  }

  /** GPT-2's smallest model, 256 tokens a step. */
  public static BenchShape gpt2() {
    return new BenchShape("gpt2-124m", gpt2(50_257, 64, 12, 12, 768), 4);
  }

  /** 0.8 M weights, 768 tokens a step: seconds. */
  public static BenchShape tiny() {
    return new BenchShape("tiny", gpt2(65, 64, 4, 4, 128), 12);
  }

  private static GptConfig gpt2(
      int vocabulary, int sequenceLength, int layers, int heads, int channels) {
    return new GptConfig(
        vocabulary,
        sequenceLength,
        layers,
        heads,
        heads,
        channels,
        4 * channels,
        Positions.LEARNED,
        NormKind.LAYER,
        Activation.GELU,
        true,
        true,
        0,
        10_000,
        1e-5);
  }

  public int tokens() {
    return batch * model.sequenceLength();
  }
}
