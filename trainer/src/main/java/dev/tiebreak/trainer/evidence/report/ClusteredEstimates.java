package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.report.Estimate.Scale;
import dev.tiebreak.trainer.evidence.report.RateEstimates.Part;
import dev.tiebreak.trainer.evidence.statistics.Ballot;
import dev.tiebreak.trainer.evidence.statistics.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.ClusterTests;
import dev.tiebreak.trainer.evidence.statistics.Factor;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.MixedLogit;
import dev.tiebreak.trainer.evidence.statistics.PigeonholeBootstrap;
import dev.tiebreak.trainer.evidence.statistics.SeedPairs;
import dev.tiebreak.trainer.evidence.statistics.SignFlip;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The figures that respect how votes came about: by judges, prompts and pairs of models.
 *
 * @param ballots of one comparison and one kind of judges
 * @param robust rate with judges and prompts as clusters
 * @param allWays the same with seed pairs, too, if there are two or more
 * @param mixed the mixed model
 * @param byPrompt tests over prompts
 * @param byJudge tests over judges
 * @param seeds tests over pairs of models
 * @param estimates all of them, in the order of the report
 */
record ClusteredEstimates(
    List<Ballot> ballots,
    Finding<ClusterRobust> robust,
    Finding<ClusterRobust> allWays,
    Finding<MixedLogit> mixed,
    Finding<ClusterTests> byPrompt,
    Finding<ClusterTests> byJudge,
    Finding<SeedPairs> seeds,
    List<Estimate> estimates) {
  private static final int MOST_EFFECTS = 720; // of the mixed model, but for the largest term
  private static final List<Factor> WAYS = List.of(Factor.JUDGE, Factor.PROMPT);

  /**
   * Computes them all.
   *
   * @param unknownSeeds whether votes do not say which models they are about
   */
  static ClusteredEstimates of(List<Ballot> ballots, Rules rules, boolean unknownSeeds) {
    double level = rules.level();
    Finding<ClusterRobust> robust =
        ClusterRobust.of(ballots, WAYS, level, ClusterRobust.Degrees.SATTERTHWAITE);
    Finding<ClusterRobust> allWays = ClusterRobust.allWays(ballots, level);
    Finding<PigeonholeBootstrap> pigeonhole =
        PigeonholeBootstrap.of(ballots, WAYS, rules.resamples(), level, rules.seed());
    Finding<MixedLogit> mixed = mixed(ballots, level);
    Finding<ClusterTests> byPrompt =
        ClusterTests.of(Factor.PROMPT, ballots, flips(rules), rules.seed());
    Finding<ClusterTests> byJudge =
        ClusterTests.of(Factor.JUDGE, ballots, flips(rules), rules.seed());
    Finding<SeedPairs> seeds =
        unknownSeeds
            ? Finding.none("the votes do not say which pair of models they are about")
            : SeedPairs.of(ballots, level);
    List<Estimate> all = new ArrayList<>();
    all.add(
        rate(
            "two_way_cluster",
            "Judges x prompts as clusters",
            ClusterRobust.REFERENCE,
            robust,
            one -> RateEstimates.rate(one.rate(), one.interval(), one.p(), ClusterRobust.ASSUMES)));
    if (allWays.found().filter(one -> one.factors().size() > WAYS.size()).isPresent()) {
      all.add(
          rate(
              "three_way_cluster",
              "Judges x prompts x seed pairs",
              ClusterRobust.REFERENCE,
              allWays,
              one ->
                  RateEstimates.rate(one.rate(), one.interval(), one.p(), ClusterRobust.ASSUMES)));
    }
    all.add(
        rate(
            "pigeonhole_bootstrap",
            "Pigeonhole bootstrap",
            PigeonholeBootstrap.REFERENCE,
            pigeonhole,
            one ->
                RateEstimates.rate(
                    one.rate(), one.interval(), Double.NaN, PigeonholeBootstrap.ASSUMES)));
    all.add(
        rate(
            "mixed_logit",
            "Mixed logistic model",
            MixedLogit.REFERENCE,
            mixed,
            one -> RateEstimates.rate(one.rate(), one.interval(), one.p(), MixedLogit.ASSUMES)));
    all.add(
        rate(
            "seed_pair_t",
            "t-test over seed pairs",
            SeedPairs.REFERENCE,
            seeds,
            one -> RateEstimates.rate(one.rate(), one.interval(), one.test().p(), assumes(one))));
    all.add(
        test(
            "seed_pair_sign_flip",
            "Sign flips of seed pairs, exact",
            SeedPairs.REFERENCE,
            seeds.map(one -> one.flip().p()),
            "Seed pairs are independent and, without a difference, as likely to lean either way."));
    tests(all, "prompt", byPrompt);
    tests(all, "judge", byJudge);
    return new ClusteredEstimates(ballots, robust, allWays, mixed, byPrompt, byJudge, seeds, all);
  }

  /** All effects but those of the largest term are solved for together, in cubic time. */
  private static Finding<MixedLogit> mixed(List<Ballot> ballots, double level) {
    int all = 0;
    int most = 0;
    for (Factor factor : Factor.values()) {
      int count = factor.count(ballots);
      all += count;
      most = Math.max(most, count);
    }
    return all - most > MOST_EFFECTS
        ? Finding.none(Words.of("%,d prompts, judges and so on would take this model minutes", all))
        : MixedLogit.of(ballots, level);
  }

  static int flips(Rules rules) {
    return Math.max(9999, rules.resamples());
  }

  private static String assumes(SeedPairs seeds) {
    return seeds
        .refusal()
        .map(why -> SeedPairs.ASSUMES + " But " + why + ".")
        .orElse(SeedPairs.ASSUMES);
  }

  private static void tests(List<Estimate> all, String what, Finding<ClusterTests> tests) {
    String assumes = ClusterTests.ASSUMES.replace("Clusters are", "Whole " + what + "s are");
    all.add(
        test(
            what + "_sign_flip",
            "Sign flips of whole " + what + "s",
            "Fisher, The design of experiments (1935); Phipson and Smyth, Statistical Applications in"
                + " Genetics and Molecular Biology 9 (2010)",
            tests.map(one -> one.flip().p()),
            assumes));
    all.add(
        test(
            what + "_sign",
            "Sign test over " + what + "s",
            "Arbuthnot, Philosophical Transactions 27 (1710)",
            tests.map(ClusterTests::sign),
            assumes));
    if (what.equals("prompt")) {
      all.add(
          test(
              what + "_wilcoxon",
              "Wilcoxon over " + what + "s",
              "Wilcoxon, Biometrics Bulletin 1 (1945)",
              tests.map(ClusterTests::wilcoxon),
              assumes));
    }
  }

  private static <T> Estimate rate(
      String id, String name, String reference, Finding<T> finding, Function<T, Part> part) {
    return RateEstimates.named(id, name, Scale.RATE, reference, false, finding, part);
  }

  private static Estimate test(
      String id, String name, String reference, Finding<Double> p, String assumes) {
    return RateEstimates.named(
        id,
        name,
        Scale.TEST,
        reference,
        false,
        p,
        one -> new Part(Scale.TEST, Double.NaN, Estimate.nothing(), one, assumes));
  }

  Tally tally() {
    return Tally.of(ballots);
  }

  /**
   * The test that the registered rule names: over seed pairs if there are enough of them, else sign
   * flips of whole prompts.
   */
  Primary primary() {
    Optional<SeedPairs> enough =
        seeds.found().filter(one -> one.rates().size() >= SeedPairs.FEWEST_FOR_A_CLAIM);
    if (enough.isPresent()) {
      SeedPairs one = enough.get();
      return new Primary(
          Words.of("t-test over %d seed pairs", one.rates().size()), one.test().p(), true, "");
    }
    return switch (byPrompt) {
      case Finding.Known<ClusterTests>(ClusterTests one) -> {
        SignFlip flip = one.flip();
        yield new Primary(
            Words.of("sign flips of %d whole prompts", flip.n()), flip.p(), false, "");
      }
      case Finding.Unknown<ClusterTests>(String why) ->
          new Primary("sign flips of whole prompts", Double.NaN, false, why);
    };
  }

  /**
   * The registered test.
   *
   * @param test what it is
   * @param p two-sided; NaN if there is none
   * @param beyond whether it speaks of other training runs, too
   * @param missing why there is none
   */
  record Primary(String test, double p, boolean beyond, String missing) {}
}
