package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The totals that the original posts give, and the whole numbers behind them. Votes were never
 * published, so rounding is all there is to work with.
 */
final class PublishedTotals {
  static final int JUDGMENTS = 1181;
  static final int DECISIVE = 784;
  static final int WINS = 470;
  static final int TIES = JUDGMENTS - DECISIVE;
  static final int PROMPTS = 32;
  static final int SAME_DIRECTION = 26;
  static final double CORRELATION = 0.78;
  static final int INTERIM_JUDGMENTS = 320;
  static final Count FINAL = new Count(WINS, DECISIVE);

  static final String FINAL_CLAIM = "59.9 % of 784, p = 2.80e-8";
  static final String TIES_CLAIM = "ties 33.6 % of 1,181";
  static final String DIRECTION_CLAIM = "81.2 % of 32 prompts";
  static final String INTERIM_CLAIM = "interim: 63.4 %, p = 1.98e-5";

  private static final double RATE = 59.9;
  private static final String P = "2.80e-08";
  private static final double INTERIM_RATE = 63.4;
  private static final String INTERIM_P = "1.98e-05";
  private static final double HUMAN_RATE = 60.5;
  private static final double MODEL_RATE = 59.0;
  private static final int LEAST_DECISIVE = 10;

  private PublishedTotals() {}

  /** A count of wins among decisive votes. */
  record Count(int wins, int decisive) {
    double rate() {
      return (double) wins / decisive;
    }

    /** Of the rate, if votes were independent. */
    double variance() {
      return rate() * (1 - rate()) / decisive;
    }

    double exactP() {
      return BinomialRate.of(wins, decisive, 0.95).p();
    }

    /** Two-sided, by the normal approximation without correction. */
    double normalP() {
      double z = Math.abs(2.0 * wins - decisive) / Math.sqrt(decisive);
      return 2 * NormalDistribution.of(0, 1).survivalProbability(z);
    }

    @Override
    public String toString() {
      return wins + " of " + decisive;
    }
  }

  /** Both panels of a possible split. */
  record Split(Count humans, Count models) {}

  /** Wins among the published decisive votes that print as the published rate and exact p. */
  static List<Count> finals() {
    List<Count> fitting = new ArrayList<>();
    for (int wins = 0; wins <= DECISIVE; wins++) {
      Count count = new Count(wins, DECISIVE);
      if (prints(count, RATE) && prints(count.exactP(), P)) {
        fitting.add(count);
      }
    }
    return fitting;
  }

  /** Counts that print as the interim rate and p, which is exact or a normal approximation. */
  static List<Count> interims(boolean exact) {
    List<Count> fitting = new ArrayList<>();
    for (int decisive = LEAST_DECISIVE; decisive <= INTERIM_JUDGMENTS; decisive++) {
      for (int wins = decisive / 2; wins <= decisive; wins++) {
        Count count = new Count(wins, decisive);
        if (prints(count, INTERIM_RATE)
            && prints(exact ? count.exactP() : count.normalP(), INTERIM_P)) {
          fitting.add(count);
        }
      }
    }
    return fitting;
  }

  /** Splits of the decisive votes into humans' and models' that print as the published rates. */
  static List<Split> splits() {
    List<Split> fitting = new ArrayList<>();
    for (int decisive = 1; decisive < DECISIVE; decisive++) {
      for (int wins = 0; wins <= Math.min(WINS, decisive); wins++) {
        int rest = DECISIVE - decisive;
        Count humans = new Count(wins, decisive);
        Count models = new Count(WINS - wins, rest);
        if (models.wins <= rest && prints(humans, HUMAN_RATE) && prints(models, MODEL_RATE)) {
          fitting.add(new Split(humans, models));
        }
      }
    }
    return fitting;
  }

  private static boolean prints(Count count, double percent) {
    return Math.abs(Math.rint(1000 * count.rate()) / 10 - percent) < 1e-9;
  }

  private static boolean prints(double p, String published) {
    return Words.of("%.2e", p).equals(published);
  }
}
