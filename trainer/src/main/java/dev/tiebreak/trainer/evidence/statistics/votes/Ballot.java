package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import java.util.List;

/**
 * One judgment of one pair of texts, with everything that made it in numbers. Each number names one
 * level of its factor: any that are equal for the same judge (prompt, ...) and differ between
 * others.
 *
 * @param judge who judged
 * @param prompt what both texts continue
 * @param completion the pair of texts: unique over all prompts and seed pairs
 * @param seedPair the pair of models, trained from one seed, that wrote the texts; 0 if unknown
 * @param treatmentLeft whether the treatment's text stood on the left
 * @param outcome 1 if the treatment's text was preferred, -1 if the control's, 0 if neither
 */
public record Ballot(
    int judge, int prompt, int completion, int seedPair, boolean treatmentLeft, int outcome) {
  /** The number of the pair of models where it is not known. */
  public static final int UNKNOWN_SEED_PAIR = 0;

  public Ballot {
    if (outcome < -1 || outcome > 1) {
      throw new IllegalArgumentException(Words.of("an outcome is %d, not -1, 0 or 1", outcome));
    }
  }

  /** Whether one of the texts was preferred. */
  public boolean isDecisive() {
    return outcome != 0;
  }

  /** Whether the pair of models is known of all of some ballots: what is missing is no level. */
  static boolean knowSeedPairs(List<Ballot> ballots) {
    return ballots.stream().noneMatch(ballot -> ballot.seedPair == UNKNOWN_SEED_PAIR);
  }

  /** Those of some ballots that are decisive. */
  static List<Ballot> decisive(List<Ballot> ballots) {
    return ballots.stream().filter(Ballot::isDecisive).toList();
  }

  /** The same judgment seen from the other side: treatment and control change places. */
  public Ballot flipped() {
    return new Ballot(judge, prompt, completion, seedPair, !treatmentLeft, -outcome);
  }
}
