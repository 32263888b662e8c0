package dev.tiebreak.trainer.ballot;

import static java.util.stream.Collectors.toSet;

import dev.tiebreak.trainer.base.Names;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The columns of a table of votes, and how a vote is written in them. */
final class VoteColumns {
  /** All that have a meaning, in the order they are written in. */
  enum Column {
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

  /** How long it took in seconds: read, and written as milliseconds. */
  static final String SECONDS = "response_seconds";

  /** What is part of a vote itself; all else is extra. */
  static final Set<String> PARTS =
      EnumSet.complementOf(EnumSet.of(Column.COMPLETION)).stream()
          .map(Column::toString)
          .collect(toSet());

  /** All that have a meaning, in their order. */
  static final List<String> KNOWN =
      Stream.concat(EnumSet.allOf(Column.class).stream().map(Column::toString), Stream.of(SECONDS))
          .toList();

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
}
