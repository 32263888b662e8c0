package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** Sends requests of one judge. It holds the key, which never leaves it but as a header. */
final class ChatClient {
  private static final long MOST_BYTES = 4L << 20; // of a reply
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final int LONGEST_REASON = 200;
  private static final String HIDDEN = "[key]";

  private final HttpClient http;
  private final LlmJudge judge;
  private final String key;

  /** What became of a request. */
  sealed interface Outcome {
    /** A body came, whatever is in it. */
    record Received(String body) implements Outcome {}

    /** The server asks to come back later; nothing is to be paid. */
    record Later(String reason, Optional<String> retryAfter) implements Outcome {}

    /** The server will not answer such a request. */
    record Rejected(String reason) implements Outcome {}

    /** No whole reply came; whether it is to be paid is not known. */
    record Lost(String reason) implements Outcome {}
  }

  /**
   * @param environment from names of variables to values, or null
   * @throws UserError if the key is not there, or cannot be one
   */
  ChatClient(LlmJudge judge, UnaryOperator<String> environment) {
    this.judge = judge;
    this.key = key(judge, environment);
    boolean isPlain = judge.endpoint().getScheme().equals("http");
    this.http =
        HttpClient.newBuilder()
            .version(isPlain ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER) // the key goes nowhere else
            .connectTimeout(CONNECT)
            .build();
  }

  private static String key(LlmJudge judge, UnaryOperator<String> environment) {
    if (judge.keyEnv().isEmpty()) {
      return "";
    }
    String value = environment.apply(judge.keyEnv());
    if (value == null || value.isBlank()) {
      throw new UserError(
          Words.of(
              "the environment variable %s, which holds the key of judge %s, is not set; set it, or leave key_env out",
              judge.keyEnv(), judge.name()));
    }
    if (!value.strip().matches("[\\x21-\\x7E]+")) {
      throw new UserError(
          Words.of(
              "the environment variable %s holds no key: there are spaces or strange characters in it",
              judge.keyEnv()));
    }
    return value.strip();
  }

  Outcome send(String body) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(judge.endpoint())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    CompletableFuture<HttpResponse<String>> response =
        http.sendAsync(
            request.build(),
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES));
    try {
      long timeoutMs = (long) (judge.timeoutSeconds() * 1000);
      return outcome(response.get(timeoutMs, TimeUnit.MILLISECONDS)); // headers and body
    } catch (TimeoutException e) {
      response.cancel(true);
      return new Outcome.Lost(Words.of("no reply within %s seconds", judge.timeoutSeconds()));
    } catch (ExecutionException e) {
      return failed(e.getCause());
    }
  }

  private static Outcome failed(Throwable cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new Outcome.Later("no connection", Optional.empty());
    }
    if (cause instanceof IOException) {
      String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
      return new Outcome.Lost("the connection broke" + message);
    }
    throw new IllegalStateException("the HTTP client failed", cause);
  }

  private Outcome outcome(HttpResponse<String> response) {
    int status = response.statusCode();
    String body = key.isEmpty() ? response.body() : response.body().replace(key, HIDDEN);
    if (status == 200) {
      return new Outcome.Received(body);
    }
    if (status == 408 || status == 409 || status == 429 || status >= 500) {
      return new Outcome.Later("HTTP " + status, response.headers().firstValue("Retry-After"));
    }
    if (status == 401 || status == 403) {
      return new Outcome.Rejected(
          Words.of(
              "HTTP %d; check the key in %s",
              status, judge.keyEnv().isEmpty() ? "key_env" : judge.keyEnv()));
    }
    String said = body.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    boolean isLong = said.length() > LONGEST_REASON;
    return new Outcome.Rejected(
        Words.of(
            "HTTP %d: %s; check base_url, model and the other keys",
            status, isLong ? said.substring(0, LONGEST_REASON) + "..." : said));
  }
}
