package dev.tiebreak.trainer.evidence.statistics.votes;

import java.util.List;

/**
 * What a vote counts by the side on which the treatment stood. Where judges lean to a side and the
 * treatment stood there more often, its rate is too high; with both sides counting alike it is not.
 *
 * @param left of votes with the treatment on the left
 * @param right of the others
 */
public record SideWeights(double left, double right) {
  /** Every vote counts once. */
  public static final SideWeights ONE = new SideWeights(1, 1);

  private static final double EVEN = 0.05; // so far from one half a share may be by chance

  /**
   * Both sides count alike where the sides of the decisive votes are out of balance: where fewer
   * than 45 % of them, or more than 55 %, had the treatment on the left, but some on each side.
   */
  public static SideWeights evening(List<Ballot> ballots) {
    List<Ballot> decisive = Ballot.decisive(ballots);
    double n = decisive.size();
    double left = decisive.stream().filter(Ballot::treatmentLeft).count();
    boolean even = Math.abs(left / n - 0.5) <= EVEN || left == 0 || left == n;
    return n == 0 || even ? ONE : new SideWeights(n / (2 * left), n / (2 * (n - left)));
  }

  double of(Ballot ballot) {
    return ballot.treatmentLeft() ? left : right;
  }

  /** The share of wins among decisive ballots. */
  double rate(List<Ballot> decisive) {
    double wins = 0;
    double all = 0;
    for (Ballot ballot : decisive) {
      all += of(ballot);
      wins += ballot.outcome() > 0 ? of(ballot) : 0;
    }
    return wins / all;
  }

  double sum(List<Ballot> decisive) {
    return decisive.stream().mapToDouble(this::of).sum();
  }
}
