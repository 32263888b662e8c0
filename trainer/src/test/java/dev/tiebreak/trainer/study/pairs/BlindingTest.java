package dev.tiebreak.trainer.study.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.study.Prompt;
import dev.tiebreak.trainer.study.Prompts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BlindingTest {
  private static final Salt SALT = SyntheticPairs.SALT;

  private static TextPair withTexts(TextPair pair, String treatment, String control) {
    return new TextPair(
        pair.comparison(),
        pair.prompt(),
        SyntheticPairs.instead(pair, pair.treatment(), treatment),
        SyntheticPairs.instead(pair, pair.control(), control));
  }

  /** A study in which every fifth pair is identical and every seventh has an empty side. */
  private static List<TextPair> withRuled() {
    List<TextPair> pairs = new ArrayList<>(SyntheticPairs.study());
    for (int i = 0; i < pairs.size(); i++) {
      if (i % 5 == 0) {
        pairs.set(i, withTexts(pairs.get(i), "same", "same"));
      } else if (i % 7 == 0) {
        pairs.set(i, withTexts(pairs.get(i), "some", " \n\t"));
      }
    }
    return pairs;
  }

  /** Treatments on the left less those on the right, by a part of the study. */
  private static Map<String, Integer> surplus(
      List<ShownPair> shown, Function<TextPair, String> part) {
    Map<String, Integer> surplus = new HashMap<>();
    for (ShownPair pair : shown) {
      surplus.merge(part.apply(pair.pair()), pair.treatmentLeft() ? 1 : -1, Integer::sum);
    }
    return surplus;
  }

  @Test
  void halfOfEachComparisonAndSeedHasTheTreatmentLeftAndHalfOfEachPrompt() {
    List<ShownPair> shown = Blinding.of(SyntheticPairs.study(), SALT);
    assertThat(surplus(shown, TextPair::cell))
        .hasSize(8)
        .allSatisfy((_, n) -> assertThat(n).isZero());
    assertThat(surplus(shown, pair -> pair.cell() + pair.prompt().id()))
        .hasSize(8 * 64)
        .allSatisfy((_, n) -> assertThat(n).isZero());
  }

  @Test
  void oddNumbersAreBalancedToWithinOne() {
    List<ShownPair> shown = Blinding.of(withRuled(), SALT);
    assertThat(shown).hasSize(1024 - 205 - 117);
    assertThat(surplus(shown, TextPair::cell)).allSatisfy((_, n) -> assertThat(n).isBetween(-1, 1));
    assertThat(surplus(shown, pair -> pair.cell() + pair.prompt().id()))
        .allSatisfy((_, n) -> assertThat(n).isBetween(-1, 1))
        .containsValue(1)
        .containsValue(-1);
  }

  @Test
  void theSaltDecidesAndTheOrderOfThePairsDoesNot() {
    List<TextPair> pairs = withRuled();
    String lines = PairFiles.lines(Blinding.of(pairs, SALT));
    Collections.shuffle(pairs, new Random(5));
    assertThat(PairFiles.lines(Blinding.of(pairs, SALT))).isEqualTo(lines);
    assertThat(PairFiles.lines(Blinding.of(pairs, Salt.random()))).isNotEqualTo(lines);
  }

  @Test
  void withoutTheSaltSidesAndOrderCannotBeComputed() {
    List<ShownPair> mine = Blinding.of(SyntheticPairs.study(), SALT);
    List<ShownPair> guess =
        Blinding.of(SyntheticPairs.study(), Salt.parse("5b" + "5a".repeat(31), "a test"));
    Map<TextPair, ShownPair> byPair = new HashMap<>();
    guess.forEach(pair -> byPair.put(pair.pair(), pair));
    int equalSides = 0;
    int earlier = 0;
    for (int i = 0; i < mine.size(); i++) {
      ShownPair other = byPair.get(mine.get(i).pair());
      equalSides += other.treatmentLeft() == mine.get(i).treatmentLeft() ? 1 : 0;
      earlier += (guess.indexOf(other) < 512) == (i < 512) ? 1 : 0;
      assertThat(other.id()).isNotEqualTo(mine.get(i).id());
    }
    int least = Predictors.leastByChance(mine.size());
    assertThat(equalSides).isBetween(least, mine.size() - least);
    assertThat(earlier).isBetween(least, mine.size() - least);
  }

  @Test
  void everyIdIsItsOwnAlsoOfATextThatIsShownTwice() {
    List<TextPair> pairs = new ArrayList<>(SyntheticPairs.comparison("h1", "both", "baseline"));
    pairs.addAll(SyntheticPairs.comparison("h2", "gain", "baseline"));
    Set<String> ids = new HashSet<>();
    for (ShownPair pair : Blinding.of(pairs, SALT)) {
      ids.addAll(List.of(pair.id(), pair.treatmentId(), pair.controlId()));
    }
    assertThat(ids).hasSize(3 * pairs.size()).allMatch(id -> id.matches("[0-9a-f]{16}"));
  }

  @Test
  void otherTextsForTheSameQuestionAreAnotherPair() {
    TextPair pair = SyntheticPairs.study().getFirst();
    TextPair again = withTexts(pair, "other", pair.control().text());
    assertThat(Blinding.id(again, SALT)).isNotEqualTo(Blinding.id(pair, SALT));
  }

  @Test
  void emptyAndEqualTextsAreTiesByRule() {
    TextPair pair = SyntheticPairs.study().getFirst();
    assertThat(pair.ruled()).isEmpty();
    assertThat(withTexts(pair, "", "x").ruled()).contains(KeyEntry.Rule.EMPTY);
    assertThat(withTexts(pair, "x", " \t\n").ruled()).contains(KeyEntry.Rule.EMPTY);
    assertThat(withTexts(pair, "", "").ruled()).contains(KeyEntry.Rule.EMPTY);
    assertThat(withTexts(pair, "x", "x").ruled()).contains(KeyEntry.Rule.IDENTICAL);
    assertThat(withTexts(pair, "x", "x ").ruled()).isEqualTo(Optional.empty());
  }

  @Test
  void aLineHoldsSevenFieldsAndNoWordAboutModels() {
    String file = PairFiles.lines(Blinding.of(SyntheticPairs.study(), SALT));
    List<String> promptIds = Prompts.builtIn().all().stream().map(Prompt::id).toList();
    for (String line : file.split("\n")) {
      JsonNode json = JsonMapper.shared().readTree(line);
      assertThat(json.propertyNames())
          .containsExactly("pair", "prompt", "prompt_text", "left", "right", "left_id", "right_id");
      assertThat(json).allMatch(JsonNode::isString);
      for (String id : List.of("pair", "left_id", "right_id")) {
        assertThat(json.get(id).asString()).matches("[0-9a-f]{16}");
      }
      assertThat(json.get("prompt").asString()).isIn(promptIds);
      String rest = line;
      for (String text : List.of("prompt_text", "left", "right")) {
        rest = rest.replace(json.get(text).toString(), "");
      }
      assertThat(rest)
          .doesNotContain(SyntheticPairs.ARMS)
          .doesNotContain("seed", "arm", "h1", "h2", "treatment", "control", "runs", "/");
    }
  }

  @Test
  void textsAreVerbatim() {
    String odd = " \"x\"\\ \u0007\u2028\t\ud83d\ude00\r\n<b>&amp;\ufffd ";
    TextPair pair = withTexts(SyntheticPairs.study().getFirst(), odd, "plain");
    String file = PairFiles.lines(Blinding.of(List.of(pair), SALT));
    assertThat(file).hasLineCount(1).endsWith("}\n");
    JsonNode json = JsonMapper.shared().readTree(file);
    assertThat(List.of(json.get("left").asString(), json.get("right").asString()))
        .containsExactlyInAnyOrder(odd, "plain");
    assertThat(json.get("prompt_text").asString()).isEqualTo(pair.prompt().text());
  }
}
