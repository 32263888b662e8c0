package dev.tiebreak.trainer.ballot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads times as programs write them: ISO 8601 with {@code T} or a blank, with or without a zone
 * (none is UTC), as numbers (seconds, milliseconds since 1970, or Excel's days), or as dates {@code
 * 1.3.2026} and {@code 3/1/2026}, with a time of day after them or not.
 *
 * @param monthFirst whether dates with slashes begin with the month; empty if they do not tell
 */
record Times(Optional<Boolean> monthFirst) {
  private static final Pattern ISO =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)(?:[T ](\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?)\\s*(Z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{1,2})([./])(\\d{1,2})\\2(\\d{4})(?:,?\\s+(\\d{1,2}):(\\d\\d)(?::(\\d\\d))?\\s*([AP]M)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("\\d{4,16}(?:[.,]\\d+)?");

  private static final BigDecimal LEAST_MILLISECONDS = new BigDecimal("1e11"); // 1973
  private static final BigDecimal LEAST_SECONDS = new BigDecimal("1e8"); // 1973
  private static final BigDecimal MOST_DAYS = new BigDecimal("100000"); // the year 2173
  private static final long DAY_MS = 86_400_000;
  private static final long EXCEL_DAYS = LocalDate.of(1899, 12, 30).toEpochDay();

  /** Looks at all times of a table: whether dates with slashes begin with the month. */
  static Times of(Collection<String> texts) {
    boolean month = false;
    boolean day = false;
    for (String text : texts) {
      Matcher date = DATE.matcher(text.strip());
      if (date.matches() && date.group(2).equals("/")) {
        month |= Integer.parseInt(date.group(3)) > 12;
        day |= Integer.parseInt(date.group(1)) > 12;
      }
    }
    return new Times(month == day ? Optional.empty() : Optional.of(month));
  }

  /** The time of a text, to the millisecond where it is a number; empty if it is none. */
  Optional<Instant> read(String text) {
    String time = text.strip();
    try {
      Matcher iso = ISO.matcher(time);
      if (iso.matches()) {
        return Optional.of(iso(iso));
      }
      Matcher date = DATE.matcher(time);
      if (date.matches()) {
        return date(date);
      }
      return NUMBER.matcher(time).matches()
          ? number(new BigDecimal(time.replace(',', '.')))
          : Optional.of(OffsetDateTime.parse(time).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant iso(MatchResult iso) {
    String time = iso.group(2) == null ? "00:00" : iso.group(2).replace(',', '.');
    String zone = iso.group(3) == null ? "Z" : iso.group(3).toUpperCase(Locale.ROOT);
    ZoneOffset offset = zone.matches("Z|UTC|GMT") ? ZoneOffset.UTC : ZoneOffset.of(zone);
    return LocalDateTime.parse(iso.group(1) + "T" + time).toInstant(offset);
  }

  private Optional<Instant> date(MatchResult date) {
    boolean slashes = date.group(2).equals("/");
    if (slashes && monthFirst.isEmpty()) {
      return Optional.empty(); // the first of March, or the third of January
    }
    int first = Integer.parseInt(date.group(1));
    int second = Integer.parseInt(date.group(3));
    boolean month = slashes && monthFirst.orElseThrow();
    LocalDate day =
        LocalDate.of(
            Integer.parseInt(date.group(4)), month ? first : second, month ? second : first);
    int hour = number(date.group(5));
    if (date.group(8) != null) { // 12 is before 1
      hour = hour % 12 + (date.group(8).equalsIgnoreCase("PM") ? 12 : 0);
    }
    return Optional.of(
        day.atTime(hour, number(date.group(6)), number(date.group(7))).toInstant(ZoneOffset.UTC));
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static Optional<Instant> number(BigDecimal value) {
    if (value.compareTo(LEAST_MILLISECONDS) >= 0) {
      return Optional.of(millis(value));
    }
    if (value.compareTo(LEAST_SECONDS) >= 0) {
      return Optional.of(millis(value.movePointRight(3)));
    }
    BigDecimal days = value.subtract(BigDecimal.valueOf(-EXCEL_DAYS));
    return days.signum() < 0 || value.compareTo(MOST_DAYS) > 0
        ? Optional.empty()
        : Optional.of(millis(days.multiply(BigDecimal.valueOf(DAY_MS))));
  }

  private static Instant millis(BigDecimal value) {
    return Instant.ofEpochMilli(value.setScale(0, RoundingMode.HALF_UP).longValue());
  }
}
