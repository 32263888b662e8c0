package dev.tiebreak.trainer.evidence.statistics.power;

import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.paired.Equivalence;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import java.util.random.RandomGenerator;

/**
 * Designs of studies of judgments, and what one of losses can show: studies are drawn at random
 * from an assumed truth and analysed, and the share that finds it is the power. What judgments can
 * show {@link VerdictSimulation} says. Use both before the data are there.
 *
 * <p>A share of r studies out of n has the standard error sqrt(r (1 - r) / n).
 *
 * <p>Source of the design: judgments cross judges, prompts and pairs of models trained from one
 * seed; see Judd, Westfall and Kenny, "Treating stimuli as a random factor in social psychology",
 * Journal of Personality and Social Psychology 103 (2012). Training runs are the unit: what is
 * tested is the mean of one rate per seed.
 */
public final class PowerSimulation {
  private static final double NULL_RATE = 0.5;

  private PowerSimulation() {}

  /**
   * A study of judgments, and the truth it faces. The chance that a decisive judgment prefers the
   * treatment is {@code rate} plus normal deviations of the pair of models (one per seed), the
   * prompt, the pair of completions and the judge, cut off at 0 and 1. A prompt's deviation is the
   * same for all seeds, since all continue the same prompts; those of completions and judges are
   * drawn anew. Whether a judgment is decisive does not depend on anything.
   *
   * @param seeds pairs of models
   * @param prompts for each pair of models
   * @param completions pairs of completions for each prompt
   * @param judgments for each pair of completions
   * @param itemsPerJudge how many judgments come from one judge
   * @param decisive share of judgments that are not ties
   * @param rate the true mean preference for the treatment, 0.5 for none
   * @param seedSd between pairs of models
   * @param promptSd between prompts and completions together
   * @param promptShare of that variance that belongs to the prompt, not to the completions
   * @param judgeSd between judges
   */
  public record Design(
      int seeds,
      int prompts,
      int completions,
      int judgments,
      int itemsPerJudge,
      double decisive,
      double rate,
      double seedSd,
      double promptSd,
      double promptShare,
      double judgeSd) {

    public Design {
      if (seeds < 1 || prompts < 1 || completions < 1 || judgments < 1 || itemsPerJudge < 1) {
        throw new IllegalArgumentException("a design needs one of everything");
      }
    }

    /** As usual: 66 % decisive, SD .24 of prompts (40 % of its variance), .06 of judges. */
    public static Design usual(
        int seeds, int prompts, int completions, int judgments, double rate, double seedSd) {
      return new Design(
          seeds, prompts, completions, judgments, 32, 0.66, rate, seedSd, 0.24, 0.4, 0.06);
    }

    public Design withRate(double another) {
      return new Design(
          seeds,
          prompts,
          completions,
          judgments,
          itemsPerJudge,
          decisive,
          another,
          seedSd,
          promptSd,
          promptShare,
          judgeSd);
    }

    /** The same for so many pairs of models of equal arms: no preference that prompts share. */
    Design equalArms(int pairs) {
      return new Design(
          pairs,
          prompts,
          completions,
          judgments,
          itemsPerJudge,
          decisive,
          NULL_RATE,
          seedSd,
          promptSd * Math.sqrt(1 - promptShare),
          0,
          judgeSd);
    }

    public int votes() {
      return seeds * prompts * completions * judgments;
    }
  }

  /**
   * The power of {@link PairedTost} to show equivalence, for normal differences with a true mean
   * and a spread between seeds.
   */
  public static double ofTost(
      int seeds,
      double margin,
      double difference,
      double sd,
      double alpha,
      int studies,
      long seed) {
    RandomGenerator random = Randomness.of(seed);
    double[] differences = new double[seeds];
    int found = 0;
    for (int study = 0; study < studies; study++) {
      for (int s = 0; s < seeds; s++) {
        differences[s] = difference + sd * random.nextGaussian();
      }
      PairedTost tost = PairedTost.of(differences, margin, alpha);
      found += tost.verdict() == Equivalence.EQUIVALENT ? 1 : 0;
    }
    return (double) found / studies;
  }
}
