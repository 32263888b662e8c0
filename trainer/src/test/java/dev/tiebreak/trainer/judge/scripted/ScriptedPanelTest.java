package dev.tiebreak.trainer.judge.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.SmallKey;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptedPanelTest {
  private static final int PROMPTS = 40;
  private static final int PAIRS_OF_A_PROMPT = 3;

  private static final List<JudgedPair> PAIRS = new ArrayList<>();

  static {
    for (int i = 0; i < PROMPTS * PAIRS_OF_A_PROMPT; i++) {
      String repeated = "and so it goes on and so it goes on and so it goes";
      PAIRS.add(
          new JudgedPair(
              "" + i, "p" + i % PROMPTS, "Once", repeated, "a short tale", "t" + i, "c" + i));
    }
  }

  private static ScriptedSettings settings(ScriptedKind kind, int judges, long seed) {
    return new ScriptedSettings(kind, judges, 30, 3, 0.8, 0, seed);
  }

  private static PairKey key(String control) {
    return SmallKey.of(
        PAIRS.stream()
            .map(pair -> SmallKey.entry(pair.pair(), "both", control))
            .toArray(KeyEntry[]::new));
  }

  private static List<Vote> judge(ScriptedKind kind, int judges) {
    return ScriptedPanel.judge(PAIRS, settings(kind, judges, 1), Optional.of(key("baseline")));
  }

  private static double share(Collection<Vote> votes, Choice choice) {
    return (double) votes.stream().filter(vote -> vote.choice() == choice).count() / votes.size();
  }

  private static double treatmentShare(List<Vote> votes) {
    long wins =
        votes.stream()
            .map(vote -> vote.choice() == Choice.LEFT ? vote.shown().left() : vote.shown().right())
            .filter(id -> id.startsWith("t"))
            .count();
    return (double) wins / votes.size();
  }

  @ParameterizedTest
  @EnumSource
  void everyJudgeIsAssignedByTheRules(ScriptedKind kind) {
    List<Vote> votes = judge(kind, 12);
    Map<String, List<Vote>> byJudge =
        votes.stream().collect(Collectors.groupingBy(vote -> vote.judge().id()));
    assertThat(byJudge).hasSize(12);
    byJudge
        .values()
        .forEach(sitting -> {
          assertThat(sitting).hasSize(33);
          List<Vote> items = sitting.subList(0, 30);
          assertThat(items).extracting(vote -> vote.shown().prompt()).doesNotHaveDuplicates();
          assertThat(items.stream().filter(vote -> vote.shown().left().startsWith("t")))
              .hasSize(15);
          for (int i = 0; i < 3; i++) {
            Vote repeat = sitting.get(30 + i);
            assertThat(repeat.shown().swappedOf())
                .isEqualTo(repeat.shown().pair())
                .isEqualTo(items.get(i).shown().pair());
            assertThat(repeat.shown().left()).isEqualTo(items.get(i).shown().right());
            assertThat(repeat.shown().right()).isEqualTo(items.get(i).shown().left());
          }
        });
    assertThat(votes).extracting(Vote::id).doesNotHaveDuplicates();
    Map<String, Long> perPair =
        votes.stream()
            .filter(vote -> vote.shown().swappedOf().isEmpty())
            .collect(Collectors.groupingBy(vote -> vote.shown().pair(), Collectors.counting()));
    assertThat(perPair)
        .hasSize(PAIRS.size())
        .allSatisfy((_, count) -> assertThat(count).isEqualTo(3));
  }

  @Test
  void equalSeedsJudgeEquallyAndOthersOtherwise() {
    List<Vote> votes = judge(ScriptedKind.COIN, 4);
    assertThat(judge(ScriptedKind.COIN, 4)).isEqualTo(votes);
    assertThat(ScriptedPanel.judge(PAIRS, settings(ScriptedKind.COIN, 4, 2), Optional.empty()))
        .isNotEqualTo(votes);
  }

  @Test
  void everyJudgeFollowsItsRule() {
    List<Vote> coin = judge(ScriptedKind.COIN, 100);
    assertThat(share(coin, Choice.LEFT)).isCloseTo(0.5, within(0.04)); // 4 SE of 3300
    assertThat(treatmentShare(coin)).isCloseTo(0.5, within(0.04));
    List<Vote> biased = judge(ScriptedKind.POSITION_BIASED, 100);
    assertThat(share(biased, Choice.LEFT)).isCloseTo(0.95, within(0.02));
    assertThat(treatmentShare(biased)).isCloseTo(0.5, within(0.04));
    assertThat(treatmentShare(judge(ScriptedKind.LENGTH_LOVING, 5))).isEqualTo(1);
    assertThat(treatmentShare(judge(ScriptedKind.REPETITION_AVERSE, 5))).isZero();
    assertThat(treatmentShare(judge(ScriptedKind.ORACLE, 100))).isCloseTo(0.8, within(0.03));
  }

  @Test
  void anOracleHasNoPreferenceBetweenTextsOfOneArm() {
    List<Vote> votes =
        ScriptedPanel.judge(PAIRS, settings(ScriptedKind.ORACLE, 100, 1), Optional.of(key("both")));
    assertThat(treatmentShare(votes)).isCloseTo(0.5, within(0.04));
  }

  @Test
  void tiesAreAsManyAsAskedFor() {
    ScriptedSettings settings = new ScriptedSettings(ScriptedKind.COIN, 100, 30, 0, 0.5, 0.34, 1);
    List<Vote> votes = ScriptedPanel.judge(PAIRS, settings, Optional.empty());
    assertThat(share(votes, Choice.SAME)).isCloseTo(0.34, within(0.04));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(
            () -> ScriptedPanel.judge(PAIRS, settings(ScriptedKind.ORACLE, 1, 1), Optional.empty()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("give the key");
    PairKey other = SmallKey.of(SmallKey.entry("other", "both", "baseline"));
    assertThatThrownBy(() ->
            ScriptedPanel.judge(PAIRS, settings(ScriptedKind.ORACLE, 1, 1), Optional.of(other)))
        .hasMessageContaining("the key has no pair 0");
    ScriptedSettings tooMany = new ScriptedSettings(ScriptedKind.COIN, 1, 41, 0, 0.5, 0, 1);
    assertThatThrownBy(() -> ScriptedPanel.judge(PAIRS, tooMany, Optional.empty()))
        .hasMessageContainingAll("items is 41", "40 prompts");
    assertThatThrownBy(() -> new ScriptedSettings(ScriptedKind.COIN, 0, 1, 0, 0.5, 0, 1))
        .hasMessageContaining("judges is 0");
  }

  @Test
  void halvesAreExactOrOneOffForOddNumbers() {
    for (int items : IntStream.of(1, 7, 8).toArray()) {
      ScriptedSettings settings = new ScriptedSettings(ScriptedKind.COIN, 1, items, 0, 0.5, 0, 1);
      long exchanged =
          ScriptedPanel.judge(PAIRS, settings, Optional.empty()).stream()
              .filter(vote -> vote.shown().left().startsWith("c"))
              .count();
      assertThat(exchanged).isBetween((long) items / 2, (items + 1L) / 2);
    }
  }
}
