package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * The rate of each judge, or prompt, drawn towards that of all as far as its few votes make it
 * scatter: (wins + k rate) / (decisive + k), where k votes' worth of the common rate are added to
 * everyone. They are the means of beta distributions with k by the method of moments, from the
 * spread of the rates beyond that of chance.
 *
 * @param factor whose levels these are
 * @param rate of all decisive votes
 * @param sd of the levels' true rates, as estimated; 0 if they scatter no more than by chance
 * @param levels by number, those with a decisive vote
 */
public record ShrunkRates(Factor factor, double rate, double sd, Map<Integer, Level> levels) {
  public static final Basis BASIS =
      new Basis(
          "True rates of judges (or prompts) are spread about a common one as a beta distribution"
              + " is.",
          "Kleinman, JASA 68 (1973); Efron and Morris, Scientific American 236 (1977)");

  /** One level: its votes, their rate, and that drawn towards the common rate. */
  public record Level(Tally tally, double rate, double shrunk) {}

  public static Finding<ShrunkRates> of(Factor factor, List<Ballot> ballots) {
    Tally all = Tally.of(ballots);
    return all.rate().map(rate -> of(factor, Tally.by(factor, ballots), all, rate));
  }

  private static ShrunkRates of(
      Factor factor, Map<Integer, Tally> tallies, Tally all, double rate) {
    double n = all.decisive();
    double squares = 0; // of sizes
    double spread = 0;
    int levels = 0;
    for (Tally tally : tallies.values()) {
      double size = tally.decisive();
      if (size > 0) {
        levels++;
        squares += size * size;
        double distance = tally.wins() / size - rate;
        spread += size * distance * distance;
      }
    }
    // E(spread) = rate (1 - rate) ((1 - rho) (levels - 1) + rho (n - squares / n))
    double chance = rate * (1 - rate);
    double most = n - squares / n - (levels - 1);
    double rho =
        chance == 0 || !(most > 0) ? 0 : Math.clamp((spread / chance - (levels - 1)) / most, 0, 1);
    Map<Integer, Level> shrunk = new TreeMap<>();
    tallies.forEach((level, tally) -> {
      double size = tally.decisive();
      if (size > 0) {
        double own = tally.wins() / size;
        double weight = rho * size / (rho * size + 1 - rho); // k = (1 - rho) / rho
        shrunk.put(level, new Level(tally, own, rate + weight * (own - rate)));
      }
    });
    return new ShrunkRates(factor, rate, Math.sqrt(rho * chance), shrunk);
  }

  /**
   * The interval of a level's true rate, which is beta-distributed given its votes; common rate and
   * spread are taken for known. None where levels scatter no more than by chance.
   *
   * @param confidence of the interval, such as 0.95
   */
  public Interval interval(Level level, double confidence) {
    double rho = sd * sd / (rate * (1 - rate));
    if (!(rho > 0 && rho < 1)) {
      return Interval.NONE;
    }
    double k = (1 - rho) / rho;
    BetaDistribution beta =
        BetaDistribution.of(
            level.tally().wins() + k * rate, level.tally().losses() + k * (1 - rate));
    double tail = (1 - confidence) / 2;
    return new Interval(
        confidence, beta.inverseCumulativeProbability(tail), beta.inverseSurvivalProbability(tail));
  }
}
