package dev.tiebreak.trainer.ballot.pairs;

/**
 * One training of a study.
 *
 * @param arm its name
 * @param seed of initial weights and data order, the same in all arms
 */
public record RunId(String arm, long seed) {
  /** The place of its run folder below {@code runs}: {@code baseline/seed-1}. */
  @Override
  public String toString() {
    return arm + "/seed-" + seed;
  }
}
