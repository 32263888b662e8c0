package dev.tiebreak.trainer.judge;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.trainer.base.Check;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The bodies of requests that the page's script makes. */
final class Requests {
  private static final long MOST_MILLIS = 24L * 60 * 60 * 1000;
  private static final Map<String, String> CHOICES =
      Map.of("left", "LEFT", "right", "RIGHT", "same", "SAME", "unusable", "UNUSABLE");

  private Requests() {}

  private static void oneOf(String name, String value, String... allowed) {
    Check.argument(List.of(allowed).contains(value), "%s is none of the possible values", name);
  }

  private static void checkKey(String key) {
    Check.argument(key.matches("[0-9a-f]{32}"), "key is not as expected"); // 128 bits
  }

  /** Consent and answers to questions; empty where nothing was said. */
  record Begin(
      boolean consent, String nativeSpeaker, String ageBand, String experience, String key) {
    Begin {
      Check.argument(consent, "consent must be true");
      oneOf("native_speaker", nativeSpeaker, "", "yes", "no");
      oneOf("age_band", ageBand, "", "18-24", "25-34", "35-44", "45-54", "55-64", "65+");
      oneOf("experience", experience, "", "none", "some", "expert");
      checkKey(key);
    }

    Sitting.Questions questions() {
      return new Sitting.Questions(nativeSpeaker, ageBand, experience);
    }
  }

  /** What a judge says about an item. */
  record Answer(
      int item,
      String choice,
      @JsonProperty("ms") long millis,
      String clientTime,
      String device,
      String key) {
    Answer {
      checkItem(item);
      oneOf("choice", choice, CHOICES.keySet().toArray(String[]::new));
      Check.argument(millis >= 0 && millis <= MOST_MILLIS, "ms is out of range");
      time(clientTime);
      oneOf("device", device, "phone", "tablet", "desktop");
      checkKey(key);
    }

    Sitting.Answer answer() {
      return new Sitting.Answer(item, CHOICES.get(choice), millis, time(clientTime), device, key);
    }
  }

  /** The item whose answer is taken back. */
  record Undo(int item) {
    Undo {
      checkItem(item);
    }
  }

  /** Nothing. */
  record Pause() {}

  private static void checkItem(int item) {
    Check.argument(item >= 1, "item is out of range");
  }

  private static long time(String text) {
    Check.argument(text.matches("[0-9TZ:.+-]{10,40}"), "client_time is not as expected");
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("client_time is no time", e);
    }
  }
}
