package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judgments counted.
 *
 * @param wins how many preferred the treatment
 * @param losses how many preferred the control
 * @param ties how many preferred neither
 */
public record Tally(long wins, long losses, long ties) {
  public static final Basis BASIS =
      new Basis("A count of the votes at hand, not of others there could be.", "definition");

  public static final Tally NONE = new Tally(0, 0, 0);

  public Tally {
    if (wins < 0 || losses < 0 || ties < 0) {
      throw new IllegalArgumentException(Words.of("counts of %d, %d and %d", wins, losses, ties));
    }
  }

  public static Tally of(Collection<Ballot> ballots) {
    long[] counts = new long[3];
    for (Ballot ballot : ballots) {
      counts[ballot.outcome() + 1]++;
    }
    return new Tally(counts[2], counts[0], counts[1]);
  }

  /** Counts ballots by the levels of a factor, in the order of their numbers. */
  public static Map<Integer, Tally> by(Factor factor, Collection<Ballot> ballots) {
    Map<Integer, long[]> counts = new TreeMap<>();
    for (Ballot ballot : ballots) {
      counts.computeIfAbsent(factor.of(ballot), _ -> new long[3])[ballot.outcome() + 1]++;
    }
    Map<Integer, Tally> tallies = new TreeMap<>();
    counts.forEach((level, c) -> tallies.put(level, new Tally(c[2], c[0], c[1])));
    return tallies;
  }

  public Tally plus(Tally other) {
    return new Tally(wins + other.wins, losses + other.losses, ties + other.ties);
  }

  /** This without another that is part of it. */
  public Tally minus(Tally part) {
    return new Tally(wins - part.wins, losses - part.losses, ties - part.ties);
  }

  /** How many preferred either. */
  public long decisive() {
    return wins + losses;
  }

  public long total() {
    return wins + losses + ties;
  }

  public long net() {
    return wins - losses;
  }

  /** The share of wins among the decisive ones, if there are any. */
  public Finding<Double> rate() {
    return decisive() == 0
        ? Finding.none(total() == 0 ? "there are no votes" : "all votes are ties")
        : Finding.of((double) wins / decisive());
  }

  /** The share of ties among all, if there are any. */
  public Finding<Double> tieShare() {
    return share(ties);
  }

  /** (wins + ties / 2) / all, if there are any. */
  public Finding<Double> tiesAsHalf() {
    return share(wins + ties / 2.0);
  }

  /** (wins - losses) / all, if there are any. */
  public Finding<Double> netShare() {
    return share(net());
  }

  private Finding<Double> share(double part) {
    return total() == 0 ? Finding.none("there are no votes") : Finding.of(part / total());
  }
}
