package dev.tiebreak.trainer.judge.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void pausesDoubleUpToAMinuteAndDifferFromRequestToRequest() {
    for (int tries = 1; tries <= 40; tries++) {
      long most = Math.min(60_000, 1000L << Math.min(tries - 1, 10));
      Duration pause = Backoff.pause(tries, Optional.empty(), NOW, "a");
      assertThat(pause.toMillis()).isBetween(most / 2, most);
      assertThat(Backoff.pause(tries, Optional.empty(), NOW, "a")).isEqualTo(pause);
      assertThat(Backoff.pause(tries, Optional.empty(), NOW, "b")).isNotEqualTo(pause);
    }
  }

  @Test
  void whatTheServerAsksForComesFirst() {
    assertThat(Backoff.pause(1, Optional.of("7"), NOW, "a"))
        .isEqualTo(Backoff.pause(1, Optional.empty(), NOW, "a").plusSeconds(7));
    assertThat(Backoff.asked(Optional.of(" 0.25 "), NOW)).isEqualTo(Duration.ofMillis(250));
    assertThat(Backoff.asked(Optional.of("Sun, 01 Mar 2026 12:01:30 GMT"), NOW))
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(Backoff.asked(Optional.of("Sun, 01 Mar 2026 11:00:00 GMT"), NOW)).isZero();
    assertThat(Backoff.asked(Optional.of("soon"), NOW)).isZero();
    assertThat(Backoff.asked(Optional.of("-3"), NOW)).isZero();
  }
}
