package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.fit.Logistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedLogitTest {
  @ParameterizedTest
  @ValueSource(strings = {"planned", "crossed", "panel"})
  void itAgreesWithGlmer(String table) {
    MixedLogit fit = MixedLogit.of(Oracle.ballots(table), 0.95).found().orElseThrow();
    Oracle.assertAgrees(fit.deviance(), table, "glmer.deviance", 1e-7);
    Oracle.assertAgrees(fit.intercept(), table, "glmer.intercept", 1e-4);
    Oracle.assertAgrees(fit.se(), table, "glmer.se", 5e-3);
    Oracle.assertAgrees(fit.position(), table, "glmer.position", 1e-4);
    Oracle.assertAgrees(fit.positionSe(), table, "glmer.positionSe", 5e-3);
    fit.sds()
        .forEach((factor, sd) ->
            assertThat(sd)
                .as("%s", factor)
                .isCloseTo(
                    Oracle.value(table, "glmer.sd." + factor.name().toLowerCase(Locale.ROOT)),
                    within(1e-4)));
  }

  @Test
  void aTermThatCannotBeToldFromAnotherIsLeftOut() {
    MixedLogit fit = MixedLogit.of(Oracle.ballots("crossed"), 0.95).found().orElseThrow();
    assertThat(fit.levels()).isEqualTo(Map.of(Factor.PROMPT, 32, Factor.JUDGE, 42));
    assertThat(fit.degrees()).isEqualTo(31);
  }

  @Test
  void theOtherSideHasTheOppositeAnswer() {
    List<Ballot> ballots = Oracle.ballots("planned");
    MixedLogit fit = MixedLogit.of(ballots, 0.95).found().orElseThrow();
    List<Ballot> flipped = ballots.stream().map(Ballot::flipped).toList();
    MixedLogit other = MixedLogit.of(flipped, 0.95).found().orElseThrow();
    assertThat(other.intercept()).isCloseTo(-fit.intercept(), within(1e-4));
    assertThat(other.rate()).isCloseTo(1 - fit.rate(), within(1e-4));
    assertThat(other.position()).isCloseTo(fit.position(), within(1e-4));
    assertThat(other.p()).isCloseTo(fit.p(), within(1e-4));
  }

  @Test
  void withoutAnyTermItIsThatOfTwoShares() {
    List<Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < 40; i++) { // left: 15 of 20, right: 10 of 20; one judge, one prompt
      ballots.add(new Ballot(1, 1, 1, 1, i < 20, i < 15 || i >= 30 ? 1 : -1));
    }
    MixedLogit fit = MixedLogit.of(ballots, 0.95).found().orElseThrow();
    double left = Math.log(3);
    assertThat(fit.intercept()).isCloseTo(left / 2, within(1e-5));
    assertThat(fit.position()).isCloseTo(left, within(1e-5));
    double variance = 1 / 15.0 + 1 / 5.0 + 2 / 10.0; // of the difference of both logits
    assertThat(fit.positionSe()).isCloseTo(Math.sqrt(variance), within(1e-4));
    assertThat(fit.se()).isCloseTo(Math.sqrt(variance) / 2, within(1e-4));
    assertThat(fit.degrees()).isInfinite();
    assertThat(fit.sds()).isEmpty();
  }

  @Test
  void whatHasNoFiniteAnswerSaysSo() {
    List<Ballot> won = new ArrayList<>();
    List<Ballot> byPlace = new ArrayList<>();
    List<Ballot> ties = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean left = i % 2 == 0;
      won.add(new Ballot(i % 6, i % 10, i % 20, 0, left, 1));
      byPlace.add(new Ballot(i % 6, i % 10, i % 20, 0, left, left ? 1 : -1));
      ties.add(new Ballot(i % 6, i % 10, i % 20, 0, left, 0));
    }
    assertThat(MixedLogit.of(won, 0.95).missing()).get().asString().contains("separation");
    assertThat(MixedLogit.of(byPlace, 0.95).missing()).get().asString().contains("separation");
    assertThat(MixedLogit.of(ties, 0.95).missing()).contains("all votes are ties");
    assertThat(MixedLogit.of(List.of(), 0.95).missing()).contains("there are no votes");
    List<Ballot> byPrompt = new ArrayList<>(); // each prompt goes one way only
    for (int i = 0; i < 600; i++) {
      byPrompt.add(new Ballot(i % 6, i / 60, i / 60, 0, i % 2 == 0, i / 60 % 2 == 0 ? 1 : -1));
    }
    assertThat(MixedLogit.of(byPrompt, 0.95).missing()).get().asString().contains("separated");
  }

  @Test
  void theMeanChanceOfANormal() {
    assertThat(MixedLogit.meanChance(0, 2)).isCloseTo(0.5, within(1e-12));
    assertThat(MixedLogit.meanChance(1, 0)).isCloseTo(Logistic.chance(1), within(1e-12));
    assertThat(MixedLogit.meanChance(1, 1.5)).isBetween(0.62, 0.70); // nearer to one half
  }
}
