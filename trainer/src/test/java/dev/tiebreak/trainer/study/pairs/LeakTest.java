package dev.tiebreak.trainer.study.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The judges' file says nothing about sides; and a file that did would be found out. */
class LeakTest {
  private static final List<TextPair> STUDY = SyntheticPairs.study();
  private static final Salt SALT = SyntheticPairs.SALT;

  private static Map<String, Double> leaks(List<ShownPair> shown) {
    return Predictors.leaks(shown, ShownPair::treatmentLeft);
  }

  /** What the leaks would be if pairs were made blind in this other way. */
  private static Map<String, Double> leaksOf(UnaryOperator<List<ShownPair>> other) {
    return leaks(other.apply(new ArrayList<>(Blinding.of(STUDY, SALT))));
  }

  private static List<ShownPair> withSides(List<ShownPair> shown, Predicate<TextPair> left) {
    return shown.stream()
        .map(one ->
            new ShownPair(
                one.pair(), one.id(), one.treatmentId(), one.controlId(), left.test(one.pair())))
        .toList();
  }

  @Test
  void nothingInTheFileTellsTheSide() {
    List<ShownPair> shown = Blinding.of(STUDY, SALT);
    assertThat(shown).hasSize(1024);
    assertThat(leaks(shown)).isEmpty();
  }

  @Test
  void nothingInTheFileTellsWhatIsCompared() {
    List<ShownPair> shown = Blinding.of(STUDY, SALT);
    assertThat(Predictors.leaks(shown, LeakTest::isOfH1)).isEmpty();
    assertThat(Predictors.leaks(shown, LeakTest::isOfAnEarlySeed)).isEmpty();
    assertThat(Predictors.leaks(shown, one -> one.pair().treatment().completion() == 0)).isEmpty();
  }

  private static boolean isOfH1(ShownPair shown) {
    return shown.pair().comparison().name().equals("h1");
  }

  private static boolean isOfAnEarlySeed(ShownPair shown) {
    return shown.pair().treatment().run().seed() <= SyntheticPairs.SEEDS / 2;
  }

  @Test
  void linesInTheOrderOfThePlanAreFound() {
    List<ShownPair> shown = new ArrayList<>(Blinding.of(STUDY, SALT));
    shown.sort(Comparator.comparing(one -> STUDY.indexOf(one.pair())));
    assertThat(Predictors.leaks(shown, LeakTest::isOfH1))
        .containsEntry("first half of the file", 1.0);
    assertThat(Predictors.leaks(shown, one -> one.pair().treatment().completion() == 0))
        .containsEntry("bit 0 of the line's number", 1.0);
  }

  @Test
  void norDoesItUnderOtherSalts() {
    for (String digits : List.of("00", "ff", "c3")) {
      assertThat(leaks(Blinding.of(STUDY, Salt.parse(digits.repeat(32), "a test")))).isEmpty();
    }
  }

  @Test
  void theIntervalIsExact() {
    assertThat(Predictors.leastByChance(19)).isZero(); // no heads: 1 in 524,288
    assertThat(Predictors.leastByChance(20)).isEqualTo(1); // 1 in 1,048,576; at most one: 21
    assertThat(Predictors.leastByChance(1024)).isBetween(430, 442); // 4.75 standard deviations
  }

  @Test
  void aTreatmentThatIsAlwaysLeftIsFound() {
    assertThat(leaksOf(shown -> withSides(shown, _ -> true))).containsEntry("always left", 1.0);
  }

  @Test
  void aTreatmentThatIsOftenLeftIsFound() {
    assertThat(leaksOf(shown -> withSides(shown, pair -> !pair.prompt().id().endsWith("1"))))
        .containsKey("always left");
  }

  @Test
  void sidesThatFollowThePromptAreFound() {
    assertThat(leaksOf(shown -> withSides(shown, pair -> SyntheticPairs.number(pair) % 2 == 0)))
        .containsEntry("bit 0 of the prompt's number", 1.0);
  }

  @Test
  void linesInTheOrderOfTheTreatmentsLengthsAreFound() {
    assertThat(
            leaksOf(shown -> {
              shown.sort(Comparator.comparing(one -> one.pair().treatment().text().length()));
              return shown;
            }))
        .containsKey("the shorter early, the longer late");
  }

  @Test
  void linesInTheOrderOfSidesAreFound() {
    assertThat(
            leaksOf(shown -> {
              shown.sort(Comparator.comparing(ShownPair::treatmentLeft).reversed());
              return shown;
            }))
        .containsEntry("first half of the file", 1.0);
  }

  @Test
  void sidesThatAlternateAlongTheFileAreFound() {
    assertThat(
            leaksOf(shown -> {
              List<ShownPair> other = new ArrayList<>();
              for (ShownPair one : shown) {
                boolean left = other.size() % 2 == 0;
                other.add(
                    new ShownPair(one.pair(), one.id(), one.treatmentId(), one.controlId(), left));
              }
              return other;
            }))
        .containsEntry("bit 0 of the line's number", 1.0);
  }

  @Test
  void idsThatAreCountedAreFound() {
    assertThat(
            leaksOf(shown -> {
              List<ShownPair> other = new ArrayList<>();
              for (ShownPair one : shown) {
                String first = Words.of("%016x", 2 * other.size());
                String second = Words.of("%016x", 2 * other.size() + 1);
                other.add(new ShownPair(one.pair(), one.id(), first, second, one.treatmentLeft()));
              }
              return other;
            }))
        .containsEntry("ids in order", 1.0)
        .containsEntry("bit 0 of the left id", 1.0);
  }

  @Test
  void idsThatAreHashesOfTheArmAreFound() {
    assertThat(
            leaksOf(shown ->
                shown.stream()
                    .map(one -> {
                      String treatment = "b" + one.treatmentId().substring(1);
                      String control = "a" + one.controlId().substring(1);
                      return new ShownPair(
                          one.pair(), one.id(), treatment, control, one.treatmentLeft());
                    })
                    .toList()))
        .containsKeys("ids in order", "bit 60 of the left id");
  }

  /** Why each pair of models gets texts of its own. */
  @Test
  void textsThatRecurAreFound() {
    List<TextPair> pairs = new ArrayList<>(SyntheticPairs.comparison("h1", "both", "baseline"));
    pairs.addAll(SyntheticPairs.comparison("h2", "gain", "baseline"));
    assertThat(leaks(Blinding.of(pairs, SALT)).keySet()).containsExactly("the left text recurs");
  }
}
