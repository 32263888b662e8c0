package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.lab.generate.Sampling;
import picocli.CommandLine.Option;

/** The options that say how tokens are chosen. */
final class SamplingOptions {
  @Option(
      names = "--temperature",
      defaultValue = "0.8",
      description = "0 takes the likeliest token (default: 0.8).")
  private double temperature;

  @Option(
      names = "--top-k",
      defaultValue = "0",
      description = "Only the k likeliest; 0 for all (default: 0).")
  private int topK;

  @Option(
      names = "--top-p",
      defaultValue = "0.95",
      description = "Only the likeliest that reach this probability (default: 0.95).")
  private double topP;

  @Option(names = "--tokens", defaultValue = "128", description = "New tokens (default: 128).")
  private int tokens;

  @Option(names = "--seed", defaultValue = "1", description = "Of the random numbers (default: 1).")
  private long seed;

  Sampling sampling() {
    return new Sampling(temperature, topK, topP, tokens, seed);
  }
}
