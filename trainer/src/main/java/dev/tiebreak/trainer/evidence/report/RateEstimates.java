package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.report.Estimate.Scale;
import dev.tiebreak.trainer.evidence.statistics.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import dev.tiebreak.trainer.evidence.statistics.TieModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The figures that need nothing but counts, all of which take votes for independent. */
final class RateEstimates {
  private static final String COUNTS =
      "A count of the votes at hand, not of others there could be.";

  private RateEstimates() {}

  /** All of them, at the level 0.95. */
  static List<Estimate> naive(Tally tally) {
    return naive(tally, 0.95);
  }

  static List<Estimate> naive(Tally tally, double level) {
    Finding<BinomialRate> rate = BinomialRate.of(tally, level);
    List<Estimate> all = new ArrayList<>();
    all.add(
        of(
            "binomial_wilson",
            "Decisive win rate, Wilson",
            BinomialRate.REFERENCE,
            rate,
            one -> rate(one.rate(), one.wilson(), one.p(), BinomialRate.ASSUMES)));
    all.add(
        of(
            "binomial_clopper_pearson",
            "Decisive win rate, Clopper-Pearson",
            BinomialRate.REFERENCE,
            rate,
            one -> rate(one.rate(), one.clopperPearson(), one.p(), BinomialRate.ASSUMES)));
    all.add(
        of(
            "davidson",
            "Davidson's model of ties",
            TieModel.REFERENCE,
            TieModel.davidson(tally, level),
            one -> rate(one.rate(), one.interval(), one.p(), TieModel.ASSUMES)));
    all.add(
        of(
            "rao_kupper",
            "Rao and Kupper's model of ties",
            TieModel.REFERENCE,
            TieModel.raoKupper(tally, level),
            one -> rate(one.rate(), one.interval(), one.p(), TieModel.ASSUMES)));
    all.add(count("ties_as_half", "Ties as half a win", Scale.RATE, tally.tiesAsHalf()));
    all.add(count("net_share", "(wins - losses) / all", Scale.DIFFERENCE, tally.netShare()));
    all.add(count("tie_share", "Share of ties", Scale.SHARE, tally.tieShare()));
    return all;
  }

  /** What an estimate consists of, but for its names. */
  record Part(Scale scale, double value, Interval interval, double p, String assumes) {}

  static Part rate(double value, Interval interval, double p, String assumes) {
    return new Part(Scale.RATE, value, interval, p, assumes);
  }

  /** A naive estimate, or why there is none. */
  private static <T> Estimate of(
      String id, String name, String reference, Finding<T> finding, Function<T, Part> part) {
    return named(id, name, Scale.RATE, reference, true, finding, part);
  }

  /** An estimate, or why there is none. */
  static <T> Estimate named(
      String id,
      String name,
      Scale scale,
      String reference,
      boolean naive,
      Finding<T> finding,
      Function<T, Part> part) {
    return switch (finding) {
      case Finding.Unknown<T>(String reason) ->
          Estimate.none(id, name, scale, reason + ".", reference);
      case Finding.Known<T>(T value) -> {
        Part known = part.apply(value);
        yield new Estimate(
            id,
            name,
            known.scale,
            known.value,
            known.interval,
            known.p,
            known.assumes,
            reference,
            naive);
      }
    };
  }

  private static Estimate count(String id, String name, Scale scale, Finding<Double> value) {
    return named(
        id,
        name,
        scale,
        "definition",
        true,
        value,
        one -> new Part(scale, one, Estimate.nothing(), Double.NaN, COUNTS));
  }
}
