package dev.tiebreak.trainer.ballot;

import static java.util.stream.Collectors.toSet;

import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
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
import java.util.function.Function;

/** The columns of a table of votes: from a row of texts to a vote, and back. */
final class VoteColumns {
  /** All that have a meaning, in the order they are written in. */
  private enum Column {
    JUDGE(vote -> vote.judge().id()),
    JUDGE_KIND(vote -> vote.judge().kind().label()),
    PROMPT(vote -> vote.shown().prompt()),
    PAIR(vote -> vote.shown().pair()),
    LEFT(vote -> vote.shown().left()),
    RIGHT(vote -> vote.shown().right()),
    CHOICE(vote -> vote.choice().label()),
    SEED(vote -> vote.origin().seed()),
    RESPONSE_MS(vote -> vote.when().responseMs()),
    AT(vote -> vote.when().at()),
    VENDOR(vote -> vote.judge().vendor()),
    SWAPPED_OF(vote -> vote.shown().swappedOf()),
    CATCH(vote -> vote.shown().catchItem() ? true : ""),
    LEFT_TOKENS(vote -> vote.origin().leftTokens()),
    RIGHT_TOKENS(vote -> vote.origin().rightTokens()),
    ROLE(vote -> vote.judge().role() == JudgeRole.READER ? "" : vote.judge().role().toString()),
    COMPARISON(vote -> vote.origin().comparison()),
    COMPLETION(vote -> vote.extra().getOrDefault(Vote.COMPLETION, "")),
    TREATMENT_SIDE(vote -> vote.origin().treatment().map(Side::label)),
    CONTROL_SEED(vote -> vote.origin().controlSeed());

    private final Function<Vote, Object> value;

    Column(Function<Vote, Object> value) {
      this.value = value;
    }

    /** What stands there; an empty text if it says nothing. */
    Object of(Vote vote) {
      return switch (value.apply(vote)) {
        case Optional<?> some -> some.map(Object::toString).orElse("");
        case OptionalLong some -> some.isPresent() ? some.getAsLong() : "";
        case OptionalInt some -> some.isPresent() ? some.getAsInt() : "";
        case Object plain -> plain;
      };
    }

    /** Its name in tables. */
    @Override
    public String toString() {
      return Names.label(this);
    }
  }

  /** Columns that every table has. */
  static final List<String> REQUIRED = range(Column.JUDGE, Column.CHOICE);

  /** Written in every table, empty or not. */
  private static final List<String> USUAL = range(Column.JUDGE, Column.RIGHT_TOKENS);

  /** What is part of a vote itself; all else is extra. */
  private static final Set<String> PARTS =
      EnumSet.complementOf(EnumSet.of(Column.COMPLETION)).stream()
          .map(Column::toString)
          .collect(toSet());

  private VoteColumns() {}

  private static List<String> range(Column first, Column last) {
    return EnumSet.range(first, last).stream().map(Column::toString).toList();
  }

  /** All columns of some votes: the usual ones, then others as they come. */
  static Set<String> of(List<Vote> votes) {
    Set<String> columns = new LinkedHashSet<>(USUAL);
    votes.forEach(vote -> columns.addAll(row(vote).keySet()));
    return columns;
  }

  /**
   * A row: the text, number or truth value of each column that says something. What only the key of
   * the pairs tells comes last, after extra columns.
   */
  static Map<String, Object> row(Vote vote) {
    Map<String, Object> row = new LinkedHashMap<>();
    Map<String, String> extra = new LinkedHashMap<>(vote.extra());
    extra.remove(Vote.COMPLETION);
    for (Column column : Column.values()) {
      if (column == Column.COMPARISON) {
        row.putAll(extra);
      }
      Object value = column.of(vote);
      if (!value.equals("") || column.compareTo(Column.CHOICE) <= 0) {
        row.put(column.toString(), value);
      }
    }
    return row;
  }

  /**
   * The vote of a row.
   *
   * @param row its texts by column; what is empty may be left out
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
              required(Column.JUDGE),
              JudgeKind.of(required(Column.JUDGE_KIND))
                  .or(() -> unknown(Column.JUDGE_KIND, List.of("human", "model", "scripted")))
                  .orElse(JudgeKind.HUMAN),
              JudgeRole.of(text(Column.ROLE))
                  .or(() -> unknown(Column.ROLE, List.of("reader", "author", "operator", "paid")))
                  .orElse(JudgeRole.READER),
              text(Column.VENDOR));
      Vote.Shown shown =
          new Vote.Shown(
              required(Column.PROMPT),
              required(Column.PAIR),
              required(Column.LEFT),
              required(Column.RIGHT),
              text(Column.SWAPPED_OF),
              flag(Column.CATCH));
      Choice choice =
          Choice.of(required(Column.CHOICE))
              .or(() -> unknown(Column.CHOICE, List.of("left", "right", "same", "unusable", "tie")))
              .orElse(Choice.SAME);
      Vote.When when =
          new Vote.When(number(Column.RESPONSE_MS, 0, Long.MAX_VALUE), time(Column.AT));
      Vote.Origin origin = origin();
      Map<String, String> extra = new LinkedHashMap<>();
      row.forEach((column, value) -> {
        if (!PARTS.contains(column) && !value.isEmpty()) {
          extra.put(column, value);
        }
      });
      return wrong
          ? Optional.empty()
          : Optional.of(new Vote(judge, shown, choice, when, origin, extra));
    }

    private Vote.Origin origin() {
      return new Vote.Origin(
          text(Column.COMPARISON),
          Names.find(Side.class, text(Column.TREATMENT_SIDE))
              .or(() -> unknown(Column.TREATMENT_SIDE, List.of("left", "right"))),
          number(Column.SEED, Long.MIN_VALUE, Long.MAX_VALUE),
          number(Column.CONTROL_SEED, Long.MIN_VALUE, Long.MAX_VALUE),
          count(Column.LEFT_TOKENS),
          count(Column.RIGHT_TOKENS));
    }

    private String text(Column column) {
      return row.getOrDefault(column.toString(), "");
    }

    private String required(Column column) {
      if (text(column).isBlank()) {
        fault(column + " is empty");
      }
      return text(column);
    }

    private <T> Optional<T> unknown(Column column, List<String> known) {
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

    private boolean flag(Column column) {
      return switch (text(column).strip().toLowerCase(Locale.ROOT)) {
        case "true", "1" -> true;
        case "false", "0", "" -> false;
        default -> {
          fault(Words.of("%s is %s, not true or false", column, Faults.quoted(text(column))));
          yield false;
        }
      };
    }

    private OptionalInt count(Column column) {
      OptionalLong value = number(column, 0, Integer.MAX_VALUE);
      return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    private OptionalLong number(Column column, long least, long most) {
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

    private Optional<Instant> time(Column column) {
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
