package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Correlation;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two panels, such as people and models, on the same prompts: do they prefer the same?
 *
 * <p>The rates of a prompt scatter because votes are few, which makes any correlation of the panels
 * look smaller. With the reliability of a panel's rates, the share of their variance over prompts
 * that is not this scatter, r / sqrt(product of both) estimates what it would be with many votes.
 *
 * @param prompts on which both have decisive votes
 * @param correlation of their rates by prompt
 * @param corrected for attenuation; it may come out above 1
 * @param sameWay prompts on which both lean the same way
 * @param otherWay prompts on which they lean opposite ways; where one is undecided counts nowhere
 * @param direction the share of the same way, with its test against one half
 */
public record PanelComparison(
    Finding<BinomialRate> first,
    Finding<BinomialRate> second,
    int prompts,
    Finding<Correlation> correlation,
    Finding<Double> corrected,
    int sameWay,
    int otherWay,
    Finding<BinomialRate> direction) {
  public static final Basis BASIS =
      new Basis(
          "Votes on one prompt are independent given its rate; both panels saw the same texts, so"
              + " they agree on those texts, which is not agreement on the method.",
          "Fisher, Metron 1 (1921); Spearman, American Journal of Psychology 15 (1904)");

  public static PanelComparison of(List<Ballot> first, List<Ballot> second, double level) {
    Map<Integer, Tally> ofFirst = Tally.by(Factor.PROMPT, first);
    Map<Integer, Tally> ofSecond = Tally.by(Factor.PROMPT, second);
    List<Tally> a = new ArrayList<>();
    List<Tally> b = new ArrayList<>();
    int same = 0;
    int other = 0;
    for (Map.Entry<Integer, Tally> entry : ofFirst.entrySet()) {
      Tally x = entry.getValue();
      Tally y = ofSecond.getOrDefault(entry.getKey(), Tally.NONE);
      if (x.decisive() > 0 && y.decisive() > 0) {
        a.add(x);
        b.add(y);
        long way = Long.signum(x.net()) * Long.signum(y.net());
        same += way > 0 ? 1 : 0;
        other += way < 0 ? 1 : 0;
      }
    }
    Finding<Correlation> correlation = Correlation.of(rates(a), rates(b), level);
    return new PanelComparison(
        BinomialRate.of(Tally.of(first), level),
        BinomialRate.of(Tally.of(second), level),
        a.size(),
        correlation,
        correlation.flatMap(r -> corrected(r.r(), reliability(a), reliability(b))),
        same,
        other,
        same + other == 0
            ? Finding.none("on no prompt do both panels lean some way")
            : Finding.of(BinomialRate.of(same, same + other, level)));
  }

  private static double[] rates(List<Tally> tallies) {
    return tallies.stream().mapToDouble(t -> (double) t.wins() / t.decisive()).toArray();
  }

  private static Finding<Double> corrected(double r, double first, double second) {
    return first > 0 && second > 0
        ? Finding.of(r / Math.sqrt(first * second))
        : Finding.none("the rates by prompt scatter no more than chance makes them");
  }

  /** The share of the rates' variance that is not scatter: p (1 - p) / (n - 1), without bias. */
  private static double reliability(List<Tally> tallies) {
    List<Tally> several = tallies.stream().filter(t -> t.decisive() > 1).toList();
    if (several.size() < 2) {
      return 0;
    }
    double[] rates = rates(several);
    double scatter = 0;
    for (int i = 0; i < rates.length; i++) {
      scatter += rates[i] * (1 - rates[i]) / (several.get(i).decisive() - 1);
    }
    double sd = Sample.of(rates).sd();
    return sd == 0 ? 0 : 1 - scatter / rates.length / (sd * sd);
  }
}
