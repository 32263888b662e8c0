package dev.tiebreak.trainer.evidence.statistics.power;

import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.Preference;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often studies of a design, drawn at random, come to a verdict: their votes are put before
 * {@link Preference}, the rule that the report goes by.
 *
 * @param design of the votes on the treatment
 * @param position what standing on the left adds to the chance of being chosen
 * @param uneven how votes are spread
 * @param equalArms pairs of models of equal arms that get as many votes each as a pair with the
 *     treatment; 0 if none are judged
 */
public record VerdictSimulation(Design design, double position, Uneven uneven, int equalArms) {
  private static final int FLIPS = 999;

  /**
   * Votes that do not come.
   *
   * @param seeds share that is lost of the last pair of models; of those before it less, of the
   *     first none
   * @param sides share that is lost of those with the treatment on the right
   */
  public record Uneven(double seeds, double sides) {
    /** All votes come. */
    public static final Uneven NONE = new Uneven(0, 0);

    private double chance(Ballot ballot, int pairs) {
      double late = pairs < 2 ? 0 : seeds * (ballot.seedPair() - 1) / (pairs - 1);
      return (1 - late) * (ballot.treatmentLeft() ? 1 : 1 - sides);
    }
  }

  /**
   * Shares of the studies; the standard error of a share r of n is sqrt(r (1 - r) / n).
   *
   * @param shown in which a preference for the treatment is shown, of training runs if there are
   *     pairs of models enough
   * @param against in which one for the control is
   * @param below whose interval ends below the smallest effect
   * @param covered whose interval holds the true mean chance
   */
  public record Shares(double shown, double against, double below, double covered) {}

  /** Draws studies; each has random numbers of its own, so their order does not matter. */
  public Shares of(int studies, double alpha, double smallestEffect, long seed) {
    double truth = VoteSimulation.meanChance(design);
    int[] counts =
        IntStream.range(0, studies)
            .parallel()
            .mapToObj(study -> counts(study, alpha, smallestEffect, truth, seed))
            .reduce(new int[4], VerdictSimulation::sum);
    double n = studies;
    return new Shares(counts[0] / n, counts[1] / n, counts[2] / n, counts[3] / n);
  }

  private static int[] sum(int[] a, int[] b) {
    return IntStream.range(0, a.length).map(i -> a[i] + b[i]).toArray();
  }

  private int[] counts(int study, double alpha, double smallestEffect, double truth, long seed) {
    long own = seed * 1_000_003 + study;
    List<Ballot> ballots = votes(design, own);
    Preference preference = Preference.of(ballots, equalRates(own), 1 - alpha, FLIPS, own);
    return new int[] {
      preference.isShown(alpha) ? 1 : 0,
      preference.p() < alpha && !preference.favoursTreatment() ? 1 : 0,
      preference.interval().filter(one -> one.high() < smallestEffect).isPresent() ? 1 : 0,
      preference.interval().filter(one -> one.contains(truth)).isPresent() ? 1 : 0
    };
  }

  private List<Ballot> votes(Design drawn, long seed) {
    VoteSimulation simulation = new VoteSimulation(drawn, position, seed);
    List<Ballot> all = simulation.draw();
    if (uneven.equals(Uneven.NONE)) {
      return all;
    }
    return all.stream()
        .filter(one -> simulation.happens(uneven.chance(one, drawn.seeds())))
        .toList();
  }

  /** Equal arms have no preference that prompts share; their pairs of texts differ as others do. */
  private double[] equalRates(long seed) {
    if (equalArms == 0) {
      return new double[0];
    }
    Design equal = design.equalArms(equalArms);
    return Tally.by(Factor.SEED_PAIR, votes(equal, ~seed)).values().stream()
        .flatMap(tally -> tally.rate().found().stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
