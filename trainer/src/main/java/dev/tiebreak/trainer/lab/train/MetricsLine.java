package dev.tiebreak.trainer.lab.train;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.tiebreak.trainer.base.JsonLines;
import dev.tiebreak.trainer.base.Names;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A line of {@code metrics.jsonl}. What depends on the clock is under {@code timing}; all else is
 * equal in equal runs.
 *
 * @param step optimizer steps done
 * @param values what was measured, by name: numbers, truth values and lists of numbers
 */
@JsonPropertyOrder({"kind", "step", "values", "timing"})
public record MetricsLine(
    Kind kind, long step, @JsonAnyGetter @JsonAnySetter Map<String, Object> values, Timing timing) {
  public static final JsonLines<MetricsLine> FORMAT =
      JsonLines.of(MetricsLine.class, "the metrics", "remove those lines");

  /** Mean plain cross-entropy of a step's tokens, in nats. */
  public static final String LOSS = "loss";

  /** Mean plain cross-entropy of the validation tokens, in nats. */
  public static final String VALIDATION_LOSS = "val_loss";

  /** The factor by which a step's gradients were multiplied. */
  public static final String CLIP = "clip";

  public enum Kind {
    /** What a step did. */
    STEP,
    /** A {@code val_loss} and, where it was examined, what an examination adds. */
    EVALUATION;

    @Override
    public String toString() {
      return Names.label(this);
    }
  }

  /**
   * What the clock says.
   *
   * @param seconds since the training began, without pauses between resumed parts
   * @param tokensPerSecond of steps: since the last logged one
   */
  public record Timing(double seconds, OptionalDouble tokensPerSecond) {
    static Timing of(double seconds) {
      return new Timing(rounded(seconds), OptionalDouble.empty());
    }

    static Timing of(double seconds, double tokensPerSecond) {
      return new Timing(rounded(seconds), OptionalDouble.of(rounded(tokensPerSecond)));
    }

    private static double rounded(double value) {
      return Math.round(value * 1000) / 1000.0;
    }
  }

  /** A number: NaN where the log has null, empty where it has none of that name. */
  public OptionalDouble number(String name) {
    return values.containsKey(name) ? asNumber(values.get(name)) : OptionalDouble.empty();
  }

  /** A value as a number: NaN for null, empty for what is none. */
  public static OptionalDouble asNumber(Object value) {
    return switch (value) {
      case null -> OptionalDouble.of(Double.NaN);
      case Number number -> OptionalDouble.of(number.doubleValue());
      default -> OptionalDouble.empty();
    };
  }
}
