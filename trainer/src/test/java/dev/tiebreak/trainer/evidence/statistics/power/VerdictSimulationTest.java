package dev.tiebreak.trainer.evidence.statistics.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import dev.tiebreak.trainer.evidence.statistics.power.VerdictSimulation.Shares;
import dev.tiebreak.trainer.evidence.statistics.power.VerdictSimulation.Uneven;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The verdict's own rule over studies drawn at random. A few hundred studies of each design here;
 * more, and a table, with
 *
 * <pre>
 * ./mvnw -pl trainer -am test -Dtest=VerdictSimulationTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtiebreak.calibration=4000 -Dtiebreak.seed=8</pre>
 */
class VerdictSimulationTest {
  private static final int FEW = 200;
  private static final int STUDIES = Integer.getInteger("tiebreak.calibration", FEW);
  private static final long SEED = Long.getLong("tiebreak.seed", 7);
  private static final double ALPHA = 0.05;
  private static final double POSITION = 0.1;

  private enum Case {
    USUAL(6, 64, 2, 3, 0.05, Uneven.NONE, 6, 0.85),
    UNEVEN_SEEDS(6, 64, 2, 3, 0.05, new Uneven(0.8, 0), 6, 0.75),
    UNEVEN_SIDES(6, 64, 2, 3, 0.05, new Uneven(0, 0.33), 6, 0.82),
    FEW_PROMPTS(6, 12, 4, 8, 0.05, Uneven.NONE, 6, 0.47),
    TEN_SEEDS_APART(10, 100, 1, 3, 0.096, Uneven.NONE, 10, 0.75),
    WITHOUT_EQUAL_ARMS(6, 64, 2, 3, 0.05, Uneven.NONE, 0, 0.85);

    private final Design none;
    private final Uneven uneven;
    private final int equalArms;
    private final double least; // chance of the verdict at 60 %

    Case(
        int seeds,
        int prompts,
        int completions,
        int judgments,
        double seedSd,
        Uneven uneven,
        int equalArms,
        double least) {
      int items = Math.min(32, prompts);
      this.none =
          new Design(
              seeds, prompts, completions, judgments, items, 0.66, 0.5, seedSd, 0.24, 0.4, 0.06);
      this.uneven = uneven;
      this.equalArms = equalArms;
      this.least = least;
    }

    private Shares at(double chance) {
      Design design = VoteSimulation.withMeanChance(none, chance);
      return new VerdictSimulation(design, POSITION, uneven, equalArms)
          .of(STUDIES, ALPHA, 0.55, SEED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void falseClaimsAreRareAndTrueOnesAreReached(Case one) {
    Shares none = one.at(0.5);
    Shares some = one.at(0.6);
    if (STUDIES > FEW) {
      System.out.println(
          Words.of(
              "%-20s at 50 %%: for %.3f, against %.3f, covers %.3f; at 60 %%: for %.3f, covers %.3f",
              one, none.shown(), none.against(), none.covered(), some.shown(), some.covered()));
    }
    double error = 3 * Math.sqrt(0.025 * 0.975 / STUDIES);
    assertThat(none.shown()).isLessThanOrEqualTo(0.03 + error);
    assertThat(none.against()).isLessThanOrEqualTo(0.03 + error);
    assertThat(none.covered()).isGreaterThan(0.93 - 3 * Math.sqrt(0.07 * 0.93 / STUDIES));
    assertThat(some.shown()).isGreaterThan(one.least - 3 * Math.sqrt(0.25 / STUDIES));
  }

  @Test
  void studiesAreDrawnAlikeFromTheSameSeed() {
    assertThat(Case.FEW_PROMPTS.at(0.6)).isEqualTo(Case.FEW_PROMPTS.at(0.6));
  }
}
