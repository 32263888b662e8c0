package dev.tiebreak.trainer.evidence.statistics;

/**
 * What a figure stands on.
 *
 * @param assumes what must hold for it to mean what it says, in a sentence or two for people
 * @param reference where it comes from
 */
public record Basis(String assumes, String reference) {
  /** Both, as they stand below the figure. */
  @Override
  public String toString() {
    return assumes + " [" + reference + "]";
  }
}
