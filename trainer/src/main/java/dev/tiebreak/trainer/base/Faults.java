package dev.tiebreak.trainer.base;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a table, line by line. The first ten are told, the rest is counted. */
public final class Faults {
  private static final int TOLD = 10;
  private static final int LONGEST_QUOTE = 40;

  private final List<String> told = new ArrayList<>();
  private int count;

  /** Nothing is wrong yet. */
  public Faults() {}

  /** Something is wrong with a line. */
  public void add(long line, String fault) {
    add("line " + line + ": " + fault);
  }

  /** Something is wrong. */
  public void add(String fault) {
    if (count < TOLD) {
      told.add(fault);
    }
    count++;
  }

  /** Whether nothing is wrong. */
  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * Throws if there are any.
   *
   * @param what was wrong, such as {@code votes.csv}
   * @param remedy what to do, and what was not done
   */
  public void throwIfAny(String what, String remedy) {
    if (count == 0) {
      return;
    }
    String more = count > TOLD ? Words.of("; and %,d more", count - TOLD) : "";
    throw new UserError(Words.of("%s: %s%s (%s)", what, String.join("; ", told), more, remedy));
  }

  /** A value as it stood in the table, short and harmless. */
  public static String quoted(String value) {
    String shown = value.replaceAll("\\p{Cntrl}", "\uFFFD");
    boolean isLong = shown.length() > LONGEST_QUOTE;
    return '"' + (isLong ? shown.substring(0, LONGEST_QUOTE) + "..." : shown) + '"';
  }
}
