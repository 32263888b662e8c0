package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [sampling]}: how texts are drawn from the models, the same in every arm.
 *
 * @param temperature logits are divided by it; 0 always takes the likeliest token
 * @param topK only the k likeliest tokens; 0 is no limit
 * @param topP only the likeliest tokens that together have this probability; 1 is no limit
 * @param tokens the most that a text has
 * @param completions texts for each prompt from each model
 * @param seed of the random numbers, which are the same on both sides of a pair
 */
public record SamplingPlan(
    double temperature, int topK, double topP, int tokens, int completions, long seed) {
  /** Checks every value. */
  public SamplingPlan {
    KeyCheck.notNegative("sampling.temperature", temperature);
    KeyCheck.atLeast(0, "sampling.top_k", topK);
    KeyCheck.that(topP > 0 && topP <= 1, "sampling.top_p", topP, "a number above 0, at most 1");
    KeyCheck.atLeast(1, "sampling.tokens", tokens);
    KeyCheck.atLeast(1, "sampling.completions", completions);
  }
}
