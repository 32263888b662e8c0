package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterTests;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.MixedLogit;
import dev.tiebreak.trainer.evidence.statistics.votes.PigeonholeBootstrap;
import dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs;
import java.util.ArrayList;
import java.util.List;

/**
 * The statistics that respect how votes came about: by judges, prompts and pairs of models.
 *
 * @param robust rate with judges and prompts as clusters
 * @param allWays the same with seed pairs, too, if there are two or more
 * @param pigeonhole both resampled
 * @param mixed the mixed model
 * @param byPrompt tests over prompts
 * @param byJudge tests over judges
 * @param seeds tests over pairs of models
 */
record Clustered(
    Finding<ClusterRobust> robust,
    Finding<ClusterRobust> allWays,
    Finding<PigeonholeBootstrap> pigeonhole,
    Finding<MixedLogit> mixed,
    Finding<ClusterTests> byPrompt,
    Finding<ClusterTests> byJudge,
    Finding<SeedPairs> seeds) {
  private static final int MOST_EFFECTS = 720; // of the mixed model, but for the largest term
  private static final List<Factor> WAYS = List.of(Factor.JUDGE, Factor.PROMPT);

  /** Computes them all, over the ballots of one comparison and one kind of judges. */
  static Clustered of(List<Ballot> ballots, Rules rules) {
    double level = rules.level();
    return new Clustered(
        robust(ballots, level),
        ClusterRobust.allWays(ballots, level),
        PigeonholeBootstrap.of(ballots, WAYS, rules.resamples(), level, rules.seed()),
        mixed(ballots, level),
        ClusterTests.of(Factor.PROMPT, ballots, rules.flips(), rules.seed()),
        ClusterTests.of(Factor.JUDGE, ballots, rules.flips(), rules.seed()),
        SeedPairs.of(ballots, level, rules.flips(), rules.seed()));
  }

  /** The rate with judges and prompts as clusters. */
  static Finding<ClusterRobust> robust(List<Ballot> ballots, double level) {
    return ClusterRobust.of(ballots, WAYS, level, ClusterRobust.Degrees.SATTERTHWAITE);
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

  List<Estimate> estimates() {
    List<Estimate> all = new ArrayList<>();
    all.add(clusters(Method.TWO_WAY_CLUSTER, robust));
    if (allWays.found().filter(one -> one.factors().size() > WAYS.size()).isPresent()) {
      all.add(clusters(Method.THREE_WAY_CLUSTER, allWays));
    }
    all.add(
        Method.PIGEONHOLE_BOOTSTRAP.rate(
            pigeonhole, PigeonholeBootstrap::rate, PigeonholeBootstrap::interval, _ -> Double.NaN));
    all.add(Method.MIXED_LOGIT.rate(mixed, MixedLogit::rate, MixedLogit::interval, MixedLogit::p));
    all.add(overSeeds());
    all.add(Method.SEED_PAIR_SIGN_FLIP.test(seeds.map(one -> one.flip().p())));
    all.add(Method.PROMPT_SIGN_FLIP.test(byPrompt.map(one -> one.flip().p())));
    all.add(Method.PROMPT_SIGN.test(byPrompt.map(ClusterTests::sign)));
    all.add(Method.PROMPT_WILCOXON.test(byPrompt.map(ClusterTests::wilcoxon)));
    all.add(Method.JUDGE_SIGN_FLIP.test(byJudge.map(one -> one.flip().p())));
    all.add(Method.JUDGE_SIGN.test(byJudge.map(ClusterTests::sign)));
    return all;
  }

  private static Estimate clusters(Method method, Finding<ClusterRobust> robust) {
    return method.rate(robust, ClusterRobust::rate, ClusterRobust::interval, ClusterRobust::p);
  }

  private Estimate overSeeds() {
    Estimate all =
        Method.SEED_PAIR_T.rate(seeds, SeedPairs::rate, SeedPairs::interval, one -> one.test().p());
    return seeds
        .found()
        .flatMap(SeedPairs::refusal)
        .map(why -> all.remarking(all.remark() + " But " + why + "."))
        .orElse(all);
  }
}
