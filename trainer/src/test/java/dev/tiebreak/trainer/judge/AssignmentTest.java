package dev.tiebreak.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.judge.Assignment.Count;
import dev.tiebreak.trainer.judge.Assignment.Item;
import dev.tiebreak.trainer.judge.Assignment.Kind;
import dev.tiebreak.trainer.judge.Assignment.Past;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {
  private final Map<JudgedPair, int[]> handed = new LinkedHashMap<>(); // count, unturned

  private void begin(int prompts, int each) {
    handed.clear();
    Pairs.of(prompts, each).forEach(pair -> handed.put(pair, new int[2]));
  }

  private List<Count> counts() {
    List<Count> counts = new ArrayList<>();
    handed.forEach((pair, of) -> counts.add(new Count(pair, of[0], of[1])));
    return counts;
  }

  private List<Item> judge(JudgeSettings settings, long seed) {
    List<Item> items = Assignment.block(settings, counts(), new SplittableRandom(seed));
    for (Item item : main(items)) {
      int[] of = handed.get(item.pair());
      of[0]++;
      of[1] += item.turned() ? -1 : 1;
    }
    return items;
  }

  private static List<Item> main(List<Item> items) {
    return items.stream().filter(item -> item.kind() == Kind.MAIN).toList();
  }

  private static List<Item> of(List<Item> items, Kind kind) {
    return items.stream().filter(item -> item.kind() == kind).toList();
  }

  private int spread() {
    int most = handed.values().stream().mapToInt(of -> of[0]).max().orElseThrow();
    int fewest = handed.values().stream().mapToInt(of -> of[0]).min().orElseThrow();
    return most - fewest;
  }

  /** The original's sizes, a study's, more items than prompts, one prompt, odd numbers. */
  @ParameterizedTest
  @CsvSource({"64,12,3,32", "32,1,10,32", "5,4,3,32", "1,6,2,4", "7,3,5,5", "100,2,3,32"})
  void eachPairGetsItsJudgmentsAndNoneRunsAhead(
      int prompts, int each, int judgments, int itemsPerJudge) {
    JudgeSettings settings = Pairs.settings(judgments, itemsPerJudge, 0, 0);
    begin(prompts, each);
    int block = Math.min(prompts, itemsPerJudge);
    int judges = 0;
    int left = prompts * each * judgments;
    while (left > 0) {
      List<Item> items = judge(settings, judges++);
      assertThat(items).hasSizeBetween(1, block);
      assertThat(items.stream().map(item -> item.pair().prompt()).distinct())
          .as("one pair of each prompt")
          .hasSize(items.size());
      long turned = items.stream().filter(Item::turned).count();
      assertThat(Math.abs(items.size() - 2 * turned)).isEqualTo(items.size() % 2);
      assertThat(spread()).isLessThanOrEqualTo(1);
      left -= items.size();
      if (left >= block) {
        assertThat(items).as("full until the end").hasSize(block);
      }
    }
    assertThat(handed.values()).allMatch(of -> of[0] == judgments);
    assertThat(judges).isEqualTo(Math.ceilDiv(prompts * each * judgments, block));
    assertThat(judge(settings, 99)).as("nothing is left").isEmpty();
  }

  @Test
  void sidesOfEachPairAreNearlyBalancedOverJudges() {
    begin(64, 12);
    JudgeSettings settings = Pairs.settings(10, 32, 0, 0);
    for (int judge = 0; judge < 64 * 12 * 10 / 32; judge++) {
      judge(settings, judge);
    }
    assertThat(handed.values()).allMatch(of -> of[0] == 10);
    assertThat(handed.values().stream().filter(of -> Math.abs(of[1]) <= 2).count())
        .isGreaterThan(64 * 12 * 95 / 100);
    assertThat(handed.values().stream().mapToInt(of -> of[1]).sum()).isZero();
  }

  @Test
  void duplicatesAndCatchItemsAreAsPlanned() {
    begin(64, 2);
    JudgeSettings settings = Pairs.settings(3, 32, 3, 2);
    for (int judge = 0; judge < 12; judge++) {
      List<Item> items = judge(settings, judge);
      assertThat(items).hasSize(37);
      Map<JudgedPair, Item> first =
          main(items).stream().collect(Collectors.toMap(Item::pair, item -> item));
      List<Item> duplicates = of(items, Kind.DUPLICATE);
      assertThat(duplicates).hasSize(3);
      assertThat(duplicates).extracting(Item::pair).doesNotHaveDuplicates();
      assertThat(duplicates.stream().filter(d -> d.turned() != first.get(d.pair()).turned()))
          .as("one of them is turned")
          .hasSize(1);
      for (Item duplicate : duplicates) {
        assertThat(items.indexOf(duplicate) - items.indexOf(first.get(duplicate.pair())))
            .as("not soon after")
            .isGreaterThanOrEqualTo(8);
      }
      List<Item> catches = of(items, Kind.CATCH);
      assertThat(catches).hasSize(2);
      assertThat(catches).extracting(Item::turned).containsExactlyInAnyOrder(true, false);
      Set<String> prompts =
          main(items).stream().map(item -> item.pair().prompt()).collect(Collectors.toSet());
      assertThat(catches).noneMatch(item -> prompts.contains(item.pair().prompt()));
    }
  }

  @Test
  void theSameSeedGivesTheSameItemsAndAnotherOthers() {
    begin(20, 2);
    JudgeSettings settings = Pairs.settings(3, 10, 2, 1);
    List<Item> items = Assignment.block(settings, counts(), new SplittableRandom(1));
    assertThat(Assignment.block(settings, counts(), new SplittableRandom(1))).isEqualTo(items);
    assertThat(Assignment.block(settings, counts(), new SplittableRandom(2))).isNotEqualTo(items);
  }

  @Test
  void whoComesBackGetsOtherPromptsAndTheSidesThatWereMissing() {
    begin(10, 1);
    Past past = new Past(Set.of("prompt0", "prompt1", "prompt2"), 3);
    List<Item> items =
        Assignment.more(Pairs.settings(3, 8, 0, 0), counts(), 5, past, new SplittableRandom(1));
    assertThat(items).hasSize(5);
    assertThat(items).noneMatch(item -> past.prompts().contains(item.pair().prompt()));
    assertThat(items.stream().filter(Item::turned)).as("three to make up for").hasSize(4);
  }

  @Test
  void nonsenseHasTheSameLettersAndNoneOfTheWords() {
    String text = "The dragon walked slowly; \uD83D\uDE00 nobody knew why it had left its garden.";
    String nonsense = Nonsense.of(text);
    assertThat(nonsense).isEqualTo(Nonsense.of(text)).contains("\uD83D\uDE00");
    assertThat(nonsense.chars().sorted().toArray()).isEqualTo(text.chars().sorted().toArray());
    assertThat(nonsense.split(" ")).doesNotContain("dragon", "walked", "garden", "nobody");
  }
}
