package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Correlation;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PanelComparisonTest {
  private static final double[] X = {.9, .8, .35, .6, .55, .7, .2, .65};
  private static final double[] Y = {.8, .9, .4, .5, .45, .75, .35, .6};

  @Test
  void theCorrelationAgreesWithR() {
    Correlation found = Correlation.of(X, Y, 0.95).found().orElseThrow();
    Oracle.assertAgrees(found.r(), "pearson", "r", 1e-8);
    Oracle.assertAgrees(found.interval().low(), "pearson", "low", 1e-8);
    Oracle.assertAgrees(found.interval().high(), "pearson", "high", 1e-8);
  }

  @Test
  void theIntervalOfThePublishedCorrelation() {
    Interval interval = Correlation.fisher(0.78, 32, 0.95);
    assertThat(interval.low()).isCloseTo(0.5924, within(5e-5));
    assertThat(interval.high()).isCloseTo(0.8874, within(5e-5));
  }

  @Test
  void whatDoesNotCorrelateSaysWhy() {
    assertThat(Correlation.of(new double[3], new double[3], 0.95).missing()).isPresent();
    assertThat(Correlation.of(X, new double[8], 0.95).missing())
        .contains("one side is the same everywhere");
    assertThat(Correlation.of(X, X, 0.95).found().orElseThrow().interval().low())
        .isCloseTo(1, within(1e-12));
    assertThat(Correlation.fisher(-1, 5, 0.95)).isEqualTo(new Interval(0.95, -1, -1));
  }

  /** Both panels have the same chance on each prompt: the true correlation is 1. */
  @Test
  void theCorrectionUndoesTheScatterOfFewVotes() {
    RandomGenerator random = Randomness.of(5);
    List<Ballot> first = new ArrayList<>();
    List<Ballot> second = new ArrayList<>();
    for (int prompt = 0; prompt < 400; prompt++) {
      double chance = 0.2 + 0.6 * random.nextDouble();
      for (int vote = 0; vote < 8; vote++) {
        first.add(new Ballot(vote, prompt, prompt, 0, true, random.nextDouble() < chance ? 1 : -1));
        second.add(
            new Ballot(vote, prompt, prompt, 0, true, random.nextDouble() < chance ? 1 : -1));
      }
    }
    PanelComparison panels = PanelComparison.of(first, second, 0.95);
    assertThat(panels.prompts()).isEqualTo(400);
    assertThat(panels.correlation().found().orElseThrow().r()).isBetween(0.4, 0.7);
    assertThat(panels.corrected().found().orElseThrow()).isCloseTo(1, within(0.12));
    assertThat(panels.sameWay()).isGreaterThan(2 * panels.otherWay());
    assertThat(panels.direction().found().orElseThrow().p()).isLessThan(1e-6);
  }

  @Test
  void anEmptyPanelLeavesReasons() {
    PanelComparison panels =
        PanelComparison.of(List.of(new Ballot(1, 1, 1, 1, true, 1)), List.of(), 0.95);
    assertThat(panels.second().missing()).contains("there are no votes");
    assertThat(panels.correlation().missing()).isPresent();
    assertThat(panels.corrected().missing()).isPresent();
    assertThat(panels.direction().missing()).isPresent();
    assertThat(panels.first().found()).isPresent();
  }
}
