package dev.tiebreak.trainer.evidence.statistics.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterTests;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.MixedLogit;
import dev.tiebreak.trainer.evidence.statistics.votes.PigeonholeBootstrap;
import dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How often each test finds a difference that is not there, and how often each interval covers the
 * truth, over studies with effects of prompts, texts, judges, seeds and position. It takes minutes,
 * so it runs only when asked for:
 *
 * <pre>
 * ./mvnw -pl trainer -am test -Dtest=VoteCalibrationTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtiebreak.calibration=1000</pre>
 */
@EnabledIfSystemProperty(named = "tiebreak.calibration", matches = "[0-9]+")
class VoteCalibrationTest {
  private static final int STUDIES = Integer.getInteger("tiebreak.calibration", 0);
  private static final boolean MODEL = Boolean.getBoolean("tiebreak.calibration.model");

  private record Count(int computed, int rejected, int covered) {}

  @Test
  void sixSeedPairs() {
    check(Design.usual(6, 64, 2, 3, 0.5, 0.05));
  }

  @Test
  void manyPromptsFewSeedEffects() {
    check(Design.usual(8, 100, 2, 2, 0.5, 0.02));
  }

  @Test
  void onePairOfModels() {
    check(Design.usual(1, 64, 2, 6, 0.5, 0));
  }

  private static void check(Design design) {
    Map<String, Count> without = run(design, 1);
    Map<String, Count> with = run(VoteSimulation.withMeanChance(design, 0.6), 2);
    System.out.printf(Locale.ROOT, "%s, %d votes%n", design, design.votes());
    System.out.printf(
        Locale.ROOT, "%-34s %9s %9s %9s %9s%n", "", "rejects", "covers.5", "power.6", "covers.6");
    without.forEach((name, count) -> {
      Count other = with.get(name);
      System.out.printf(
          Locale.ROOT,
          "%-34s %9.3f %9.3f %9.3f %9.3f%n",
          name,
          share(count.rejected, count.computed),
          share(count.covered, count.computed),
          share(other.rejected, other.computed),
          share(other.covered, other.computed));
    });
    double margin = 3 * Math.sqrt(0.05 * 0.95 / STUDIES); // simulation's own error
    Count test = without.get("recommended");
    assertThat(share(test.rejected, STUDIES)).isBetween(0.05 - margin, 0.05 + margin);
    assertThat(share(with.get("recommended").covered, STUDIES))
        .isBetween(0.95 - margin, 0.95 + margin);
  }

  private static double share(int part, int all) {
    return (double) part / all;
  }

  private static Map<String, Count> run(Design design, long seed) {
    double truth = VoteSimulation.meanChance(design);
    VoteSimulation simulation = new VoteSimulation(design, 0.1, seed);
    Map<String, Count> counts = new LinkedHashMap<>();
    for (int study = 0; study < STUDIES; study++) {
      List<Ballot> ballots = simulation.draw();
      BinomialRate.of(Tally.of(ballots), 0.95)
          .found()
          .ifPresent(b -> count(counts, "naive binomial", b.p(), b.wilson(), truth));
      ClusterRobust.allWays(ballots, 0.95)
          .found()
          .ifPresent(r -> count(counts, "recommended", r.p(), r.interval(), truth));
      List<List<Factor>> ways = new ArrayList<>();
      ways.add(List.of(Factor.JUDGE, Factor.PROMPT));
      ways.add(List.of(Factor.JUDGE, Factor.PROMPT, Factor.SEED_PAIR));
      for (List<Factor> way : ways) {
        ClusterRobust.of(ballots, way, 0.95)
            .found()
            .ifPresent(r -> count(counts, "fewest " + way, r.p(), r.interval(), truth));
        PigeonholeBootstrap.of(ballots, way, 400, 0.95, study)
            .found()
            .ifPresent(b ->
                count(
                    counts,
                    "pigeonhole " + way,
                    b.interval().contains(0.5) ? 1 : 0,
                    b.interval(),
                    truth));
      }
      SeedPairs.of(ballots, 0.95, 9999, 1)
          .found()
          .ifPresent(s -> count(counts, "t over seed pairs", s.test().p(), s.interval(), truth));
      Interval none = new Interval(0.95, 0, 1);
      ClusterTests.of(Factor.PROMPT, ballots, 999, study)
          .found()
          .ifPresent(c -> {
            count(counts, "sign flip by prompt", c.flip().p(), none, truth);
            count(counts, "sign test by prompt", c.sign(), none, truth);
            count(counts, "Wilcoxon by prompt", c.wilcoxon(), none, truth);
          });
      if (MODEL) {
        MixedLogit.of(ballots, 0.95)
            .found()
            .ifPresent(m -> count(counts, "crossed logistic model", m.p(), m.interval(), truth));
      }
    }
    return counts;
  }

  private static void count(
      Map<String, Count> counts, String name, double p, Interval interval, double truth) {
    Count count = counts.getOrDefault(name, new Count(0, 0, 0));
    counts.put(
        name,
        new Count(
            count.computed + 1,
            count.rejected + (p < 0.05 ? 1 : 0),
            count.covered + (interval.contains(truth) ? 1 : 0)));
  }
}
