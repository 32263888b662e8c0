package dev.tiebreak.trainer.evidence.statistics.paired;

/** What the differences of pairs show; see {@link PairedTost}. */
public enum Equivalence {
  /** The mean difference is smaller than the margin, be it 0 or not: a tie. */
  EQUIVALENT("equivalent"),
  /** The mean difference is not 0, and may be larger than the margin. */
  DIFFERENT("different"),
  /** Neither is shown: more pairs are needed. */
  INCONCLUSIVE("inconclusive"),
  /** A single pair: its error is unknown, so neither could have been shown. */
  CANNOT_BE_SHOWN("cannot be shown"),
  /** Pairs that were planned are missing, so nothing is said yet. */
  INCOMPLETE("incomplete");

  private final String words;

  Equivalence(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
