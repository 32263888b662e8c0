package dev.tiebreak.trainer.lab.generate;

import dev.tiebreak.trainer.base.Check;

/**
 * How tokens are chosen. The restrictions apply in this order: temperature, top-k, top-p.
 *
 * @param temperature logits are divided by it; 0 always takes the likeliest token
 * @param topK only so many of the likeliest tokens; 0 for all
 * @param topP only the likeliest tokens that together reach this probability, in (0, 1]
 * @param tokens how many to write, at most {@link #MOST_TOKENS}
 * @param seed of the random numbers
 */
public record Sampling(double temperature, int topK, double topP, int tokens, long seed) {
  /** The longest completion: each of its tokens has a random number of its own. */
  public static final int MOST_TOKENS = 1 << 20;

  public Sampling {
    Check.parameter(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature",
        temperature,
        "0 (always the likeliest token) or more");
    Check.parameter(topK >= 0, "top_k", topK, "0 (all tokens) or more");
    Check.parameter(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1");
    Check.parameter(
        tokens >= 1 && tokens <= MOST_TOKENS, "tokens", tokens, "from 1 to " + MOST_TOKENS);
  }
}
