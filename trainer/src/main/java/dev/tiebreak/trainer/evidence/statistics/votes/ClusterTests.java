package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Tests that take each cluster, such as a prompt or a judge, for one observation: its wins less its
 * losses. The sign test counts how many are above 0; Wilcoxon's ranks them by size; the sign-flip
 * test compares their sum with the sums that they would have if the treatment's and the control's
 * names were exchanged for whole clusters at random.
 *
 * @param even clusters with as many, which the first two tests leave out
 * @param sign p of the sign test: exact, two-sided
 * @param wilcoxon p of the signed-rank test on the mean outcome by cluster: two-sided; exact up to
 *     20 clusters, and up to 50 without equal sizes, else normal with continuity correction
 * @param flip the sign-flip test: exact up to {@link SignFlip#MOST_FOR_ALL} clusters
 */
public record ClusterTests(
    Factor factor, int above, int below, int even, double sign, double wilcoxon, SignFlip flip) {
  public static final String SIGN = "Arbuthnot, Philosophical Transactions 27 (1710)";
  public static final String WILCOXON = "Wilcoxon, Biometrics Bulletin 1 (1945)";
  public static final String FLIP =
      "Fisher, The design of experiments (1935); "
          + "Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010)";

  private static final int MOST_FOR_EXACT_RANKS = 50;

  /** Of one of the tests, by its reference, over clusters of a name. */
  public static Basis basis(String cluster, String reference) {
    String assumes =
        Words.of(
            "Whole %ss are independent of each other and, if there is no difference, as likely to lean one way as the other; what they share (such as the models) is taken as given.",
            cluster);
    return new Basis(assumes, reference);
  }

  /** Tests; so many patterns of signs are drawn where there are too many for all. */
  public static Finding<ClusterTests> of(
      Factor factor, List<Ballot> ballots, int flips, long seed) {
    if (Tally.of(ballots).decisive() == 0) {
      return Tally.of(ballots).rate().map(_ -> null);
    }
    List<Tally> tallies = List.copyOf(Tally.by(factor, ballots).values());
    if (tallies.size() < 2) {
      return Finding.none("there is only one " + factor);
    }
    double[] nets = tallies.stream().mapToDouble(Tally::net).toArray();
    double[] means = tallies.stream().mapToDouble(t -> (double) t.net() / t.total()).toArray();
    int above = (int) Arrays.stream(nets).filter(net -> net > 0).count();
    int below = (int) Arrays.stream(nets).filter(net -> net < 0).count();
    if (above + below == 0) {
      return Finding.none("each " + factor + " has as many wins as losses");
    }
    SignFlip flip =
        nets.length <= SignFlip.MOST_FOR_ALL
            ? SignFlip.exact(nets)
            : SignFlip.sampled(nets, flips, seed);
    return Finding.of(
        new ClusterTests(
            factor,
            above,
            below,
            nets.length - above - below,
            BinomialRate.p(above + below, above),
            wilcoxon(means),
            flip));
  }

  /** Of values that are not all 0, which are left out. */
  static double wilcoxon(double[] values) {
    double[] uneven = Arrays.stream(values).filter(value -> value != 0).toArray();
    if (uneven.length <= SignFlip.MOST_FOR_ALL) {
      return SignFlip.exact(signedRanks(uneven)).p();
    }
    long sizes = Arrays.stream(uneven).map(Math::abs).distinct().count();
    boolean exact = sizes == uneven.length && uneven.length < MOST_FOR_EXACT_RANKS;
    return WilcoxonSignedRankTest.withDefaults()
        .with(exact ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
        .with(ContinuityCorrection.ENABLED)
        .test(uneven)
        .getPValue();
  }

  /** Ranks by size, the mean of them where sizes are equal, with the signs of the values. */
  private static double[] signedRanks(double[] values) {
    return Arrays.stream(values)
        .map(value -> {
          double size = Math.abs(value);
          long below = Arrays.stream(values).filter(other -> Math.abs(other) < size).count();
          long equal = Arrays.stream(values).filter(other -> Math.abs(other) == size).count();
          return Math.signum(value) * (below + (equal + 1) / 2.0);
        })
        .toArray();
  }
}
