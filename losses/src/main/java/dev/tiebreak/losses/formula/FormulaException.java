package dev.tiebreak.losses.formula;

import java.util.List;

/** What is wrong with a formula, and where. */
public final class FormulaException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient String word;
  private final transient List<String> known;

  FormulaException(int column, String problem) {
    this(column, problem, "", List.of());
  }

  FormulaException(int column, String problem, String word, List<String> known) {
    super(column == 0 ? problem : "column " + column + ": " + problem);
    this.word = word;
    this.known = List.copyOf(known);
  }

  /** The word that is not known; empty if that is not the fault. */
  public String word() {
    return word;
  }

  /** The words that could stand in its place. */
  public List<String> known() {
    return known;
  }
}
