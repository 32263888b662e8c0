package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import java.util.List;

/**
 * Whether standing on the left helps.
 *
 * <p>Source: Zheng et al., "Judging LLM-as-a-judge" (2023), 2306.05685.
 *
 * @param left how often the text on the left was preferred, whichever it was: wins are of the left
 * @param share the share of these among the decisive votes
 * @param whenLeft the votes where the treatment stood on the left
 * @param whenRight those where it stood on the right
 */
public record Position(Tally left, BinomialRate share, Tally whenLeft, Tally whenRight) {
  public static Finding<Position> of(List<Ballot> ballots, double level) {
    Tally left = Tally.of(asLeft(ballots));
    return BinomialRate.of(left, level)
        .map(share ->
            new Position(
                left,
                share,
                Tally.of(ballots.stream().filter(Ballot::treatmentLeft).toList()),
                Tally.of(ballots.stream().filter(b -> !b.treatmentLeft()).toList())));
  }

  /** The votes as if the left text were the treatment. */
  public static List<Ballot> asLeft(List<Ballot> ballots) {
    return ballots.stream().map(b -> b.treatmentLeft() ? b : b.flipped()).toList();
  }

  /** What being on the left instead of the right adds to the treatment's rate, if both occur. */
  public Finding<Double> effect() {
    return whenLeft.rate().flatMap(l -> whenRight.rate().map(r -> l - r));
  }

  /**
   * How pairs that were judged twice, with the sides exchanged, came out.
   *
   * @param same both times the same text, or neither
   * @param leftTwice the text on the left both times, though it was another
   * @param rightTwice the one on the right both times
   * @param halfTied preferred once, tied once
   * @param consistency the share of the same, with its intervals
   */
  public record Swaps(
      int same, int leftTwice, int rightTwice, int halfTied, BinomialRate consistency) {}

  /**
   * Compares votes with their swapped repeats.
   *
   * @param first votes
   * @param second of the same judges on the same pairs, sides exchanged
   * @param level of the intervals, such as 0.95
   * @throws IllegalArgumentException if the lists or sides do not fit
   */
  public static Finding<Swaps> swaps(List<Ballot> first, List<Ballot> second, double level) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          Words.of("%d votes and %d repeats", first.size(), second.size()));
    }
    if (first.isEmpty()) {
      return Finding.none("no pair was judged twice with the sides exchanged");
    }
    int[] counts = new int[4];
    for (int i = 0; i < first.size(); i++) {
      Ballot a = first.get(i);
      Ballot b = second.get(i);
      if (a.treatmentLeft() == b.treatmentLeft()) {
        throw new IllegalArgumentException(Words.of("votes %d have the same sides", i));
      }
      if (a.outcome() == b.outcome()) {
        counts[0]++;
      } else if (!a.isDecisive() || !b.isDecisive()) {
        counts[3]++;
      } else {
        counts[a.treatmentLeft() == a.outcome() > 0 ? 1 : 2]++;
      }
    }
    BinomialRate consistency = BinomialRate.of(counts[0], first.size(), level);
    return Finding.of(new Swaps(counts[0], counts[1], counts[2], counts[3], consistency));
  }
}
