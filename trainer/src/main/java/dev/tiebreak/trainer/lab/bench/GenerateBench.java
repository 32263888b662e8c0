package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.generate.Decoder;
import dev.tiebreak.trainer.lab.generate.Sampler;
import dev.tiebreak.trainer.lab.generate.Sampling;
import java.util.ArrayList;
import java.util.List;

/**
 * Generation at batch 1 from random weights: a prompt, then the likeliest token again and again,
 * each fed back alone. A token reads every weight once and does two operations with it, so the time
 * to read them is the least it can take.
 */
public final class GenerateBench {
  private static final int PROMPT = 16;
  private static final int NEW_TOKENS = 200;
  private static final int SAMPLES = 20;
  private static final double WARM_UP_SECONDS = 4; // until the loops are compiled
  private static final double SECONDS = 6;
  private static final double RATE_SECONDS = 0.5;

  private GenerateBench() {}

  /**
   * Medians over runs of 200 new tokens.
   *
   * @param sequenceLength the shape's, or longer if prompt and new tokens do not fit
   * @param token seconds for each new token
   * @param sampled seconds to pick a token by the default settings of {@code generate} instead
   * @param weightBytes what a token reads
   * @param readRate bytes a second that all threads read from memory of as many bytes
   */
  public record Result(
      BenchShape shape,
      int sequenceLength,
      double prompt,
      double token,
      double sampled,
      long weightBytes,
      double readRate) {

    public double tokensPerSecond() {
      return 1 / token;
    }

    /** Bytes of weights a second as a share of the rate at which they can be read. */
    public double share() {
      return weightBytes / token / readRate;
    }

    public String toText() {
      return Words.of(
          """
          %s: %d layers, %d channels, T %d, batch 1, %d new tokens after %d
            tokens            %8.0f a second
            time              %8.3f ms a token; %.2f ms for the prompt; %.3f ms more to sample
            weights           %8.1f MB read per token = %.1f GB/s
            reading alone     %8.1f GB/s for as many bytes: %.0f %% of that
          """,
          shape.name(),
          shape.model().layers(),
          shape.model().channels(),
          sequenceLength,
          NEW_TOKENS,
          PROMPT,
          tokensPerSecond(),
          1e3 * token,
          1e3 * prompt,
          1e3 * sampled,
          weightBytes * 1e-6,
          weightBytes / token * 1e-9,
          readRate * 1e-9,
          100 * share());
    }
  }

  /** Measures the rate of reading, then generation, then the rate again. */
  public static Result run(CpuBackend cpu, BenchShape shape) {
    return run(cpu, shape, WARM_UP_SECONDS, SECONDS);
  }

  /** The same for so many seconds; at least one run of each. */
  static Result run(CpuBackend cpu, BenchShape shape, double warmUp, double seconds) {
    GptConfig config =
        shape
            .model()
            .withSequenceLength(Math.max(shape.model().sequenceLength(), PROMPT + NEW_TOKENS));
    try (Scope weights = cpu.newScope("weights")) {
      Gpt model = new Gpt(config, DType.F32, weights, 1);
      long bytes = weightBytes(model);
      double before = ReadRate.bytesPerSecond(cpu, bytes, RATE_SECONDS);
      try (Decoder decoder = new Decoder(model, config.vocabulary())) {
        measure(decoder, config.vocabulary(), warmUp);
        Times times = measure(decoder, config.vocabulary(), seconds);
        double after = ReadRate.bytesPerSecond(cpu, bytes, RATE_SECONDS);
        return new Result(
            shape,
            config.sequenceLength(),
            MatrixRate.median(times.prompt),
            MatrixRate.median(times.token),
            MatrixRate.median(times.sampled),
            bytes,
            Math.max(before, after));
      }
    }
  }

  private record Times(List<Double> prompt, List<Double> token, List<Double> sampled) {}

  private static Times measure(Decoder decoder, int vocabulary, double seconds) {
    Times times = new Times(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Sampler likeliest = new Sampler(new Sampling(0, 0, 1, NEW_TOKENS, 1));
    Sampler usual = new Sampler(new Sampling(0.8, 0, 0.95, NEW_TOKENS, 1));
    int[] prompt = prompt(vocabulary);
    long begin = System.nanoTime();
    do {
      decoder.clear();
      long start = System.nanoTime();
      double[] logits = decoder.feed(prompt);
      long fed = System.nanoTime();
      for (int i = 0; i < NEW_TOKENS; i++) {
        logits = decoder.feed(likeliest.pick(logits, i));
      }
      long end = System.nanoTime();
      for (int i = 0; i < SAMPLES; i++) {
        usual.pick(logits, i);
      }
      times.prompt.add((fed - start) * 1e-9);
      times.token.add((end - fed) * 1e-9 / NEW_TOKENS);
      times.sampled.add((System.nanoTime() - end) * 1e-9 / SAMPLES);
    } while (System.nanoTime() - begin < seconds * 1e9);
    return times;
  }

  private static int[] prompt(int vocabulary) {
    Philox random = new Philox(1, 0);
    int[] tokens = new int[PROMPT];
    for (int i = 0; i < PROMPT; i++) {
      tokens[i] = random.below(i, vocabulary);
    }
    return tokens;
  }

  /** All but the positions, of which a token reads one row. */
  private static long weightBytes(Gpt model) {
    return model.parameters().stream()
        .filter(parameter -> !parameter.name().equals("position_embedding.weight"))
        .mapToLong(parameter -> parameter.tensor().size() * Float.BYTES)
        .sum();
  }
}
