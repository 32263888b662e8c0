package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Finding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The decisive win rate without one judge, or one prompt, at a time: does it hang on a single one?
 *
 * <p>Source: Belsley, Kuh and Welsch, "Regression diagnostics" (1980).
 *
 * @param without the rate without each level; levels that have all the decisive votes are missing
 * @param lowest the level without which the rate is lowest
 * @param highest the level without which it is highest
 */
public record LeaveOneOut(
    Factor factor, double rate, Map<Integer, Double> without, int lowest, int highest) {
  public static Finding<LeaveOneOut> of(Factor factor, List<Ballot> ballots) {
    Tally all = Tally.of(ballots);
    return all.rate()
        .flatMap(rate -> {
          Map<Integer, Double> without = new TreeMap<>();
          Tally.by(factor, ballots)
              .forEach((level, tally) ->
                  all.minus(tally).rate().found().ifPresent(rest -> without.put(level, rest)));
          if (without.isEmpty()) {
            return Finding.none("one " + factor + " has all decisive votes");
          }
          return Finding.of(
              new LeaveOneOut(factor, rate, without, lowest(without, 1), lowest(without, -1)));
        });
  }

  private static int lowest(Map<Integer, Double> rates, int sign) {
    return rates.entrySet().stream()
        .min((a, b) -> Double.compare(sign * a.getValue(), sign * b.getValue()))
        .orElseThrow()
        .getKey();
  }

  public double low() {
    return without.get(lowest);
  }

  public double high() {
    return without.get(highest);
  }
}
