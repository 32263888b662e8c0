package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.ballot.VoteColumns.Column;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One row of a table being read: from texts to a vote. */
final class VoteRow {
  private static final BigDecimal MS = BigDecimal.valueOf(1000);

  private final Map<String, String> row;
  private final Dialect dialect;
  private final Times times;
  private final Consumer<String> faults;
  private boolean wrong;

  /**
   * A row.
   *
   * @param row its texts by column; what is empty may be left out
   * @param times how times are written in the table
   * @param faults told what is wrong
   */
  VoteRow(Map<String, String> row, Dialect dialect, Times times, Consumer<String> faults) {
    this.row = row;
    this.dialect = dialect;
    this.times = times;
    this.faults = faults;
  }

  /** The vote; empty if anything is wrong. */
  Optional<Vote> vote() {
    String id = required(Column.JUDGE);
    Optional<JudgeKind> declared =
        text(Column.JUDGE_KIND).isEmpty() ? dialect.kind(id) : Optional.empty();
    JudgeKind kind =
        declared
            .or(() ->
                JudgeKind.of(required(Column.JUDGE_KIND))
                    .or(() -> unknown(Column.JUDGE_KIND, List.of("human", "model", "scripted"))))
            .orElse(JudgeKind.HUMAN);
    JudgeRole role =
        text(Column.ROLE).isEmpty()
            ? JudgeRole.READER
            : JudgeRole.of(text(Column.ROLE))
                .or(() -> unknown(Column.ROLE, List.of("reader", "author", "operator", "paid")))
                .orElse(JudgeRole.READER);
    Vote.Judge judge = new Vote.Judge(id, kind, role, text(Column.VENDOR));
    Vote.Shown shown =
        new Vote.Shown(
            required(Column.PROMPT),
            required(Column.PAIR),
            required(Column.LEFT),
            required(Column.RIGHT),
            text(Column.SWAPPED_OF),
            flag(Column.CATCH));
    Choice choice = choice(shown);
    Vote.When when = new Vote.When(responseMs(), time());
    Vote.Origin origin = origin();
    Map<String, String> extra = new LinkedHashMap<>();
    row.forEach((column, value) -> {
      boolean known = VoteColumns.PARTS.contains(column) || column.equals(VoteColumns.SECONDS);
      if (!known && !value.isEmpty()) {
        extra.put(column, value);
      }
    });
    return wrong
        ? Optional.empty()
        : Optional.of(new Vote(judge, shown, choice, when, origin, extra));
  }

  /** By a word for a side or a tie, or by the name of what was chosen. */
  private Choice choice(Vote.Shown shown) {
    String word = Ids.canonical(required(Column.CHOICE));
    if (!shown.left().equals(shown.right())) {
      for (Side side : Side.values()) {
        if (word.equalsIgnoreCase(shown.on(side))) {
          return side == Side.LEFT ? Choice.LEFT : Choice.RIGHT;
        }
      }
    }
    return dialect
        .choice(word)
        .or(() -> unknown(Column.CHOICE, List.of("left", "right", "same", "unusable", "tie")))
        .orElse(Choice.SAME);
  }

  private Vote.Origin origin() {
    return new Vote.Origin(
        text(Column.COMPARISON),
        Names.find(Side.class, text(Column.TREATMENT_SIDE))
            .or(() -> unknown(Column.TREATMENT_SIDE, List.of("left", "right"))),
        whole(Column.SEED, Long.MIN_VALUE),
        whole(Column.CONTROL_SEED, Long.MIN_VALUE),
        count(Column.LEFT_TOKENS),
        count(Column.RIGHT_TOKENS));
  }

  /** What stands there in its one spelling; empty where a program wrote that it is missing. */
  private String text(Column column) {
    String text = Ids.canonical(row.getOrDefault(column.toString(), ""));
    return Ids.isMissing(text) ? "" : text;
  }

  private String required(Column column) {
    String text = text(column);
    if (text.isEmpty()) {
      String there = row.getOrDefault(column.toString(), "");
      fault(
          there.isBlank()
              ? column + " is empty"
              : Words.of("%s is %s, which says that it is missing", column, Faults.quoted(there)));
    }
    return text;
  }

  private <T> Optional<T> unknown(Column column, List<String> known) {
    if (!text(column).isEmpty()) { // else it was told already
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
    return switch (text(column).toLowerCase(Locale.ROOT)) {
      case "true", "1", "1.0", "yes" -> true;
      case "false", "0", "0.0", "no", "" -> false;
      default -> {
        fault(Words.of("%s is %s, not true or false", column, Faults.quoted(text(column))));
        yield false;
      }
    };
  }

  private OptionalInt count(Column column) {
    OptionalLong value = whole(column, 0);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private OptionalLong whole(Column column, long least) {
    String allowed = least == 0 ? "a whole number, 0 or more" : "a whole number";
    Optional<BigDecimal> value = number(column.toString(), text(column), allowed);
    long most = least == 0 ? Integer.MAX_VALUE : Long.MAX_VALUE;
    boolean fits =
        value.isEmpty()
            || value.get().stripTrailingZeros().scale() <= 0
                && value.get().compareTo(BigDecimal.valueOf(least)) >= 0
                && value.get().compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!fits) {
      fault(Words.of("%s is %s, not %s", column, Faults.quoted(text(column)), allowed));
    }
    return fits && value.isPresent()
        ? OptionalLong.of(value.get().longValue())
        : OptionalLong.empty();
  }

  /** Milliseconds, rounded; they stand in one of two columns. */
  private OptionalLong responseMs() {
    String seconds = row.getOrDefault(VoteColumns.SECONDS, "").strip();
    boolean inSeconds = text(Column.RESPONSE_MS).isEmpty() && !Ids.isMissing(seconds);
    String column = inSeconds ? VoteColumns.SECONDS : Column.RESPONSE_MS.toString();
    String text = inSeconds ? seconds : text(Column.RESPONSE_MS);
    String allowed = "a number, 0 or more";
    Optional<BigDecimal> value =
        number(column, text, allowed).map(one -> inSeconds ? one.multiply(MS) : one);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    BigDecimal ms = value.get().setScale(0, RoundingMode.HALF_UP);
    if (ms.signum() < 0 || ms.precision() > 15) {
      fault(Words.of("%s is %s, not %s", column, Faults.quoted(text), allowed));
      return OptionalLong.empty();
    }
    return OptionalLong.of(ms.longValue());
  }

  /**
   * A number as 12, 12.0, 1.2E+01 or 12,5 (where three digits after a comma might be thousands).
   */
  private Optional<BigDecimal> number(String column, String text, String allowed) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String plain = text.matches("[+-]?\\d+,(\\d{1,2}|\\d{4,})") ? text.replace(',', '.') : text;
    if (plain.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,2})?")) {
      return Optional.of(new BigDecimal(plain));
    }
    fault(Words.of("%s is %s, not %s", column, Faults.quoted(text), allowed));
    return Optional.empty();
  }

  private Optional<Instant> time() {
    String text = text(Column.AT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> time = times.read(text);
    if (time.isEmpty()) {
      fault(
          Words.of(
              "%s is %s, not a time such as 2026-03-01T12:00:00Z", Column.AT, Faults.quoted(text)));
    }
    return time;
  }

  private void fault(String text) {
    wrong = true;
    faults.accept(text);
  }
}
