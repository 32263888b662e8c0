package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** The columns of a table of votes: from a row of texts to a vote, and back. */
final class VoteColumns {
  private static final String JUDGE = "judge";
  private static final String JUDGE_KIND = "judge_kind";
  private static final String PROMPT = "prompt";
  private static final String PAIR = "pair";
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String CHOICE = "choice";
  private static final String SEED = "seed";
  private static final String RESPONSE_MS = "response_ms";
  private static final String AT = "at";
  private static final String VENDOR = "vendor";
  private static final String SWAPPED_OF = "swapped_of";
  private static final String CATCH = "catch";
  private static final String LEFT_TOKENS = "left_tokens";
  private static final String RIGHT_TOKENS = "right_tokens";
  private static final String COMPARISON = "comparison";
  private static final String TREATMENT_SIDE = "treatment_side";
  private static final String CONTROL_SEED = "control_seed";

  /** Columns that every table has. */
  static final List<String> REQUIRED =
      List.of(JUDGE, JUDGE_KIND, PROMPT, PAIR, LEFT, RIGHT, CHOICE);

  /** All that have a meaning, in the order they are written in. */
  static final List<String> KNOWN =
      List.of(
          JUDGE,
          JUDGE_KIND,
          PROMPT,
          PAIR,
          LEFT,
          RIGHT,
          CHOICE,
          SEED,
          RESPONSE_MS,
          AT,
          VENDOR,
          SWAPPED_OF,
          CATCH,
          LEFT_TOKENS,
          RIGHT_TOKENS);

  /** What only the key of the pairs tells, written where any vote has it. */
  private static final List<String> UNSEALED = List.of(COMPARISON, TREATMENT_SIDE, CONTROL_SEED);

  private VoteColumns() {}

  /** All columns of some votes: the known ones, then others as they come. */
  static Set<String> of(List<Vote> votes) {
    Set<String> columns = new LinkedHashSet<>(KNOWN);
    votes.forEach(vote -> columns.addAll(row(vote).keySet()));
    return columns;
  }

  /** A row: the text of each column that says something. */
  static Map<String, String> row(Vote vote) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put(JUDGE, vote.judge().id());
    row.put(JUDGE_KIND, vote.judge().kind().label());
    row.put(PROMPT, vote.shown().prompt());
    row.put(PAIR, vote.shown().pair());
    row.put(LEFT, vote.shown().left());
    row.put(RIGHT, vote.shown().right());
    row.put(CHOICE, vote.choice().label());
    vote.origin().seed().ifPresent(value -> row.put(SEED, Long.toString(value)));
    vote.when().responseMs().ifPresent(value -> row.put(RESPONSE_MS, Long.toString(value)));
    vote.when().at().ifPresent(value -> row.put(AT, value.toString()));
    putUnlessEmpty(row, VENDOR, vote.judge().vendor());
    putUnlessEmpty(row, SWAPPED_OF, vote.shown().swappedOf());
    if (vote.shown().catchItem()) {
      row.put(CATCH, "true");
    }
    vote.origin().leftTokens().ifPresent(value -> row.put(LEFT_TOKENS, Integer.toString(value)));
    vote.origin().rightTokens().ifPresent(value -> row.put(RIGHT_TOKENS, Integer.toString(value)));
    putUnlessEmpty(row, COMPARISON, vote.origin().comparison());
    vote.origin().treatment().ifPresent(side -> row.put(TREATMENT_SIDE, side.label()));
    vote.origin().controlSeed().ifPresent(value -> row.put(CONTROL_SEED, Long.toString(value)));
    row.putAll(vote.extra());
    return row;
  }

  private static void putUnlessEmpty(Map<String, String> row, String column, String value) {
    if (!value.isEmpty()) {
      row.put(column, value);
    }
  }

  /**
   * The vote of a row.
   *
   * @param row its texts by column; what is empty may be left out
   * @param faults is told what is wrong
   * @return empty if anything is wrong
   */
  static Optional<Vote> vote(Map<String, String> row, Consumer<String> faults) {
    return new Reading(row, faults).vote();
  }

  /** One row being read. */
  private static final class Reading {
    private final Map<String, String> row;
    private final Consumer<String> faults;
    private boolean wrong;

    Reading(Map<String, String> row, Consumer<String> faults) {
      this.row = row;
      this.faults = faults;
    }

    Optional<Vote> vote() {
      Vote.Judge judge =
          new Vote.Judge(
              required(JUDGE),
              JudgeKind.of(required(JUDGE_KIND))
                  .or(() -> unknown(JUDGE_KIND, List.of("human", "model", "scripted")))
                  .orElse(JudgeKind.HUMAN),
              text(VENDOR));
      Vote.Shown shown =
          new Vote.Shown(
              required(PROMPT),
              required(PAIR),
              required(LEFT),
              required(RIGHT),
              text(SWAPPED_OF),
              flag(CATCH));
      Choice choice =
          Choice.of(required(CHOICE))
              .or(() -> unknown(CHOICE, List.of("left", "right", "same", "unusable", "tie")))
              .orElse(Choice.SAME);
      Vote.When when = new Vote.When(number(RESPONSE_MS, 0, Long.MAX_VALUE), time(AT));
      Vote.Origin origin = origin();
      Map<String, String> extra = new LinkedHashMap<>();
      row.forEach((column, value) -> {
        if (!KNOWN.contains(column) && !UNSEALED.contains(column) && !value.isEmpty()) {
          extra.put(column, value);
        }
      });
      return wrong
          ? Optional.empty()
          : Optional.of(new Vote(judge, shown, choice, when, origin, extra));
    }

    private Vote.Origin origin() {
      return new Vote.Origin(
          text(COMPARISON),
          side(),
          number(SEED, Long.MIN_VALUE, Long.MAX_VALUE),
          number(CONTROL_SEED, Long.MIN_VALUE, Long.MAX_VALUE),
          count(LEFT_TOKENS),
          count(RIGHT_TOKENS));
    }

    private Optional<Side> side() {
      List<String> known = Arrays.stream(Side.values()).map(Side::label).toList();
      int at = known.indexOf(text(TREATMENT_SIDE).strip().toLowerCase(Locale.ROOT));
      return at >= 0 ? Optional.of(Side.values()[at]) : unknown(TREATMENT_SIDE, known);
    }

    private String text(String column) {
      return row.getOrDefault(column, "");
    }

    private String required(String column) {
      if (text(column).isBlank()) {
        fault(column + " is empty");
      }
      return text(column);
    }

    private <T> Optional<T> unknown(String column, List<String> known) {
      if (!text(column).isBlank()) { // else it was told already
        fault(
            Words.of(
                "%s is %s, which is none of %s%s",
                column,
                Faults.quoted(text(column)),
                String.join(", ", known),
                Names.hint(text(column), known)));
      }
      return Optional.empty();
    }

    private boolean flag(String column) {
      return switch (text(column).strip().toLowerCase(Locale.ROOT)) {
        case "true", "1" -> true;
        case "false", "0", "" -> false;
        default -> {
          fault(Words.of("%s is %s, not true or false", column, Faults.quoted(text(column))));
          yield false;
        }
      };
    }

    private OptionalInt count(String column) {
      OptionalLong value = number(column, 0, Integer.MAX_VALUE);
      return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    private OptionalLong number(String column, long least, long most) {
      String text = text(column).strip();
      if (text.isEmpty()) {
        return OptionalLong.empty();
      }
      try {
        long value = Long.parseLong(text);
        if (value >= least && value <= most) {
          return OptionalLong.of(value);
        }
      } catch (NumberFormatException e) {
        // told below
      }
      String allowed = least == 0 ? "a whole number, 0 or more" : "a whole number";
      fault(Words.of("%s is %s, not %s", column, Faults.quoted(text), allowed));
      return OptionalLong.empty();
    }

    private Optional<Instant> time(String column) {
      String text = text(column).strip();
      if (text.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeException e) {
        fault(
            Words.of(
                "%s is %s, not a time such as 2026-03-01T12:00:00Z", column, Faults.quoted(text)));
        return Optional.empty();
      }
    }

    private void fault(String text) {
      wrong = true;
      faults.accept(text);
    }
  }
}
