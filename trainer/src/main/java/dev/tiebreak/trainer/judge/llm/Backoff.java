package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.Sha256;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * How long to wait before a request is tried again: a second, then twice as long each time, up to a
 * minute; of that a half to the whole, so that not all come back at once. What the server asks for
 * is waited for, and that share comes on top.
 */
final class Backoff {
  private static final long FIRST_MS = 1_000;
  private static final long LONGEST_MS = 60_000;
  private static final double HEX_32_BITS = 0x1p32;

  private Backoff() {}

  /**
   * The pause after a try.
   *
   * @param tries how many there were, 1 or more
   * @param identity of the request: equal ones wait equally
   */
  static Duration pause(int tries, Optional<String> retryAfter, Instant now, String identity) {
    long longest = Math.min(LONGEST_MS, FIRST_MS << Math.min(tries - 1, 16));
    String hash = Sha256.of(identity + "\0" + tries);
    double share = 0.5 + 0.5 * Long.parseLong(hash.substring(0, 8), 16) / HEX_32_BITS;
    return asked(retryAfter, now).plusMillis((long) (longest * share));
  }

  /** What the header asks for: seconds or a date. */
  static Duration asked(Optional<String> retryAfter, Instant now) {
    String text = retryAfter.orElse("").strip();
    try {
      if (text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
        return Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * 1000));
      }
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
