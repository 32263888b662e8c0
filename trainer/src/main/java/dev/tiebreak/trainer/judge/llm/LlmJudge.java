package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.toml.KeyCheck;
import java.math.BigDecimal;
import java.net.URI;

/**
 * A model that judges: a table {@code [[judge]]} of the panel's file.
 *
 * @param name its id in votes
 * @param vendor who made it; models of one vendor are not independent of each other
 * @param baseUrl of an OpenAI-compatible endpoint, up to and including {@code /v1} where it has
 *     that
 * @param model what the endpoint calls it; should name a version
 * @param keyEnv name of the environment variable with the key; empty if none is needed
 * @param priceIn price of a million tokens of a question, in the currency of the budget
 * @param priceOut price of a million tokens of an answer
 * @param sendTemperature false where the vendor refuses requests that name a temperature
 * @param temperature to sample at; 0 where it can be had
 * @param maxTokens the longest answer, with what the model thinks before it
 * @param concurrency questions at a time
 * @param timeoutSeconds for the whole of an answer
 */
public record LlmJudge(
    String name,
    String vendor,
    String baseUrl,
    String model,
    String keyEnv,
    double priceIn,
    double priceOut,
    boolean sendTemperature,
    double temperature,
    int maxTokens,
    LimitName limitName,
    int concurrency,
    double timeoutSeconds) {
  private static final int DIGITS_OF_A_MILLION = 6;

  /** What endpoints call the longest answer. */
  public enum LimitName {
    /** The older name, which most know. */
    MAX_TOKENS,
    /** The newer name, which some models insist on. */
    MAX_COMPLETION_TOKENS
  }

  public LlmJudge {
    KeyCheck.that(!name.isBlank(), "judge.name", name, "a name");
    KeyCheck.that(!vendor.isBlank(), "judge.vendor", vendor, "a name");
    KeyCheck.that(!model.isBlank(), "judge.model", model, "a name");
    KeyCheck.that(
        isEndpoint(baseUrl), "judge.base_url", baseUrl, "an address such as https://host/v1");
    KeyCheck.notNegative("judge.price_in", priceIn);
    KeyCheck.notNegative("judge.price_out", priceOut);
    KeyCheck.notNegative("judge.temperature", temperature);
    KeyCheck.atLeast(1, "judge.max_tokens", maxTokens);
    KeyCheck.between(1, 1000, "judge.concurrency", concurrency);
    KeyCheck.positive("judge.timeout_seconds", timeoutSeconds);
  }

  private static boolean isEndpoint(String text) {
    try {
      URI uri = URI.create(text);
      boolean isWeb = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return isWeb && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  URI endpoint() {
    return URI.create(baseUrl.replaceAll("/+$", "") + "/chat/completions");
  }

  public boolean hasPrice() {
    return priceIn > 0 || priceOut > 0;
  }

  /** The exact price of an answer. */
  BigDecimal cost(long tokensIn, long tokensOut) {
    return BigDecimal.valueOf(priceIn)
        .multiply(BigDecimal.valueOf(tokensIn))
        .add(BigDecimal.valueOf(priceOut).multiply(BigDecimal.valueOf(tokensOut)))
        .movePointLeft(DIGITS_OF_A_MILLION);
  }
}
