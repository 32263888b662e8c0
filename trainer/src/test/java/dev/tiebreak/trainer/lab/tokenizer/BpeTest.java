package dev.tiebreak.trainer.lab.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTest {
  private static Tokenizer train(String text, int merges) {
    return TokenizerSpec.bpe(merges).train(TextPieces.of(text), status -> {});
  }

  /** "ab" occurs 4 times, then (ab)(c) twice, then nothing twice. */
  @Test
  void aTinyTextGivesTheMergesFoundByHand() {
    Tokenizer tokenizer = train("abc abc ab ab", 10);
    // Words: "abc" once, " abc" once, " ab" twice. Counts: ab 4, " a" 3, bc 2.
    // 256 = ab. Then: " "+256 3, 256+c 2. 257 = " ab".
    // Then: 257+c 1, 256+c 1. Neither occurs twice.
    assertThat(tokenizer.vocabularySize()).isEqualTo(258);
    assertThat(tokenizer.decode(256)).isEqualTo("ab");
    assertThat(tokenizer.decode(257)).isEqualTo(" ab");
    assertThat(tokenizer.encode("abc abc ab ab")).containsExactly(256, 'c', 257, 'c', 257, 257);
  }

  @Test
  void ofEquallyFrequentPairsTheSmallestIdsComeFirst() {
    Tokenizer tokenizer = train("zy\nzy\nba\nba\nbc\nbc\n", 3);
    assertThat(tokenizer.decode(256)).isEqualTo("ba");
    assertThat(tokenizer.decode(257)).isEqualTo("bc");
    assertThat(tokenizer.decode(258)).isEqualTo("zy");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void trainingEqualsRecountingEveryPairAfterEveryMerge(long seed) {
    String text = Texts.random(seed, 400) + "aaaa aaa aa aaaaa abab ababab ";
    List<int[]> merges = new ArrayList<>();
    List<List<Integer>> naive = trainNaively(text, 120, merges);
    Tokenizer tokenizer = train(text, 120);
    assertThat(tokenizer.vocabularySize()).isEqualTo(256 + merges.size());
    for (int i = 0; i < merges.size(); i++) {
      String pair = tokenizer.decode(256 + i);
      assertThat(tokenizer.bytes(256 + i))
          .as("merge %d, %s", i, pair)
          .isEqualTo(join(tokenizer.bytes(merges.get(i)[0]), tokenizer.bytes(merges.get(i)[1])));
    }
    List<Integer> expected = naive.stream().flatMap(List::stream).toList();
    assertThat(tokenizer.encode(text))
        .isEqualTo(expected.stream().mapToInt(Integer::intValue).toArray());
  }

  private static byte[] join(byte[] left, byte[] right) {
    byte[] both = new byte[left.length + right.length];
    System.arraycopy(left, 0, both, 0, left.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  /** The definition: count all neighbours in all words, merge the best everywhere, repeat. */
  private static List<List<Integer>> trainNaively(String text, int limit, List<int[]> merges) {
    List<List<Integer>> words = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = WordSplitter.end(text, start);
      List<Integer> word = new ArrayList<>();
      for (int symbol : BpeTrainer.symbols(text.substring(start, end))) {
        word.add(symbol);
      }
      words.add(word);
      start = end;
    }
    while (merges.size() < limit) {
      Map<Long, Integer> counts = new TreeMap<>(); // ascending: the first of the best wins ties
      for (List<Integer> word : words) {
        for (int i = 1; i < word.size(); i++) {
          counts.merge((long) word.get(i - 1) * 1_000_000 + word.get(i), 1, Integer::sum);
        }
      }
      long best = -1;
      int bestCount = 1;
      for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
        if (entry.getValue() > bestCount) {
          best = entry.getKey();
          bestCount = entry.getValue();
        }
      }
      if (best < 0) {
        return words;
      }
      int left = (int) (best / 1_000_000);
      int right = (int) (best % 1_000_000);
      int merged = 256 + merges.size();
      merges.add(new int[] {left, right});
      for (List<Integer> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.get(i) == left && word.get(i + 1) == right) {
            word.set(i, merged);
            word.remove(i + 1);
          }
        }
      }
    }
    return words;
  }

  @Test
  void trainingOnPiecesEqualsTrainingOnTheWhole() {
    String text = Texts.random(7, 300);
    int cut = text.indexOf(' ', text.length() / 2);
    TextPieces pieces =
        consumer -> {
          consumer.accept(text.substring(0, cut));
          consumer.accept(text.substring(cut));
        };
    Tokenizer whole = train(text, 50);
    assertThat(TokenizerSpec.bpe(50).train(pieces, status -> {}).toJson())
        .isEqualTo(whole.toJson());
  }

  @Test
  void unseenTextIsEncodedAndComesBack() {
    Tokenizer tokenizer = train("the cat sat on the mat. the end", 20);
    assertThat(tokenizer.decode(tokenizer.encode(Texts.ODD))).isEqualTo(Texts.ODD);
    assertThat(tokenizer.decode(tokenizer.encode("x".repeat(100_000)))).hasSize(100_000);
  }
}
