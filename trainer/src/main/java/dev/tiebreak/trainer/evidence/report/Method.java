package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterTests;
import dev.tiebreak.trainer.evidence.statistics.votes.MixedLogit;
import dev.tiebreak.trainer.evidence.statistics.votes.PigeonholeBootstrap;
import dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import dev.tiebreak.trainer.evidence.statistics.votes.TieModel;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Every way in which the report looks at the votes of one comparison. */
enum Method {
  TWO_WAY_CLUSTER("Judges x prompts as clusters", Scale.RATE, ClusterRobust.BASIS),
  THREE_WAY_CLUSTER("Judges x prompts x seed pairs", Scale.RATE, ClusterRobust.BASIS),
  PIGEONHOLE_BOOTSTRAP("Pigeonhole bootstrap", Scale.RATE, PigeonholeBootstrap.BASIS),
  MIXED_LOGIT("Mixed logistic model", Scale.RATE, MixedLogit.BASIS),
  SEED_PAIR_T("t-test over seed pairs", Scale.RATE, SeedPairs.BASIS),
  SEED_PAIR_SIGN_FLIP(
      "Sign flips of seed pairs, exact",
      Scale.TEST,
      new Basis(
          "Seed pairs are independent and, without a difference, as likely to lean either way.",
          SeedPairs.BASIS.reference())),
  PROMPT_SIGN_FLIP(
      "Sign flips of whole prompts", Scale.TEST, ClusterTests.basis("prompt", ClusterTests.FLIP)),
  PROMPT_SIGN(
      "Sign test over prompts", Scale.TEST, ClusterTests.basis("prompt", ClusterTests.SIGN)),
  PROMPT_WILCOXON(
      "Wilcoxon over prompts", Scale.TEST, ClusterTests.basis("prompt", ClusterTests.WILCOXON)),
  JUDGE_SIGN_FLIP(
      "Sign flips of whole judges", Scale.TEST, ClusterTests.basis("judge", ClusterTests.FLIP)),
  JUDGE_SIGN("Sign test over judges", Scale.TEST, ClusterTests.basis("judge", ClusterTests.SIGN)),
  BINOMIAL_WILSON("Decisive win rate, Wilson", Scale.RATE, BinomialRate.BASIS),
  BINOMIAL_CLOPPER_PEARSON("Decisive win rate, Clopper-Pearson", Scale.RATE, BinomialRate.BASIS),
  DAVIDSON("Davidson's model of ties", Scale.RATE, TieModel.BASIS),
  RAO_KUPPER("Rao and Kupper's model of ties", Scale.RATE, TieModel.BASIS),
  TIES_AS_HALF("Ties as half a win", Scale.RATE, Tally.BASIS),
  NET_SHARE("(wins - losses) / all", Scale.DIFFERENCE, Tally.BASIS),
  TIE_SHARE("Share of ties", Scale.SHARE, Tally.BASIS);

  private final String words;
  private final Scale scale;
  private final Basis basis;

  /** What a value is. */
  enum Scale {
    /** A share from 0 to 1; one half is no preference. */
    RATE,
    /** A share of something else from 0 to 1. */
    SHARE,
    /** A difference of shares from -1 to 1; 0 is no preference. */
    DIFFERENCE,
    /** A test without a value of its own. */
    TEST;

    Format format() {
      return this == DIFFERENCE ? Format.NUMBER : Format.PERCENT;
    }
  }

  Method(String words, Scale scale, Basis basis) {
    this.words = words;
    this.scale = scale;
    this.basis = basis;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  String words() {
    return isNaive() ? words + " (naive)" : words;
  }

  Scale scale() {
    return scale;
  }

  Basis basis() {
    return basis;
  }

  /** Whether it takes judgments for independent, which they are not. */
  boolean isNaive() {
    return compareTo(BINOMIAL_WILSON) >= 0;
  }

  /** Those that need nothing but counts, all of which take votes for independent. */
  static List<Estimate> naive(Tally tally, double level) {
    Finding<BinomialRate> rate = BinomialRate.of(tally, level);
    return List.of(
        BINOMIAL_WILSON.rate(rate, BinomialRate::rate, BinomialRate::wilson, BinomialRate::p),
        BINOMIAL_CLOPPER_PEARSON.rate(
            rate, BinomialRate::rate, BinomialRate::clopperPearson, BinomialRate::p),
        DAVIDSON.ties(TieModel.davidson(tally, level)),
        RAO_KUPPER.ties(TieModel.raoKupper(tally, level)),
        TIES_AS_HALF.count(tally.tiesAsHalf()),
        NET_SHARE.count(tally.netShare()),
        TIE_SHARE.count(tally.tieShare()));
  }

  private Estimate ties(Finding<TieModel> model) {
    return rate(model, TieModel::rate, TieModel::interval, TieModel::p);
  }

  /** A rate with an interval and the p of one half; NaN for a p that there is not. */
  <T> Estimate rate(
      Finding<T> found,
      Function<T, Double> rate,
      Function<T, Interval> interval,
      Function<T, Double> p) {
    return Estimate.of(
        this,
        found.map(one ->
            new Estimate(
                this, rate.apply(one), interval.apply(one), p.apply(one), basis.assumes())));
  }

  /** A number without an interval. */
  private Estimate count(Finding<Double> found) {
    return rate(found, one -> one, _ -> Interval.NONE, _ -> Double.NaN);
  }

  /** A test that has no value but its p. */
  Estimate test(Finding<Double> p) {
    return rate(p, _ -> Double.NaN, _ -> Interval.NONE, one -> one);
  }
}
