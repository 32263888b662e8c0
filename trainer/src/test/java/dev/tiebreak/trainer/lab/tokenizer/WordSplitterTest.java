package dev.tiebreak.trainer.lab.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WordSplitterTest {
  private static final Pattern GPT2 =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = WordSplitter.end(text, start);
      words.add(text.substring(start, end));
      start = end;
    }
    return words;
  }

  private static List<String> splitByRegex(String text) {
    return GPT2.matcher(text).results().map(MatchResult::group).toList();
  }

  @Test
  void wordsKeepTheSpaceBeforeThem() {
    assertThat(split("Hello world, it's  1999\n\nyes"))
        .containsExactly("Hello", " world", ",", " it", "'s", " ", " 1999", "\n", "\n", "yes");
  }

  @Test
  void oddTextSplitsLikeTheRegularExpressionOfGpt2() {
    assertThat(split(Texts.ODD)).isEqualTo(splitByRegex(Texts.ODD));
  }

  @Test
  void everyPrefixAndSuffixSplitsLikeTheRegularExpression() {
    for (int cut = 0; cut <= Texts.ODD.length(); cut++) {
      if (cut > 0 && Character.isHighSurrogate(Texts.ODD.charAt(cut - 1))) {
        continue;
      }
      String prefix = Texts.ODD.substring(0, cut);
      String suffix = Texts.ODD.substring(cut);
      assertThat(split(prefix)).isEqualTo(splitByRegex(prefix));
      assertThat(split(suffix)).isEqualTo(splitByRegex(suffix));
    }
  }

  @Test
  void everyCharacterOfTheBasicPlaneIsOfTheKindTheRegularExpressionGivesIt() {
    for (int character = 0; character < Character.MIN_SURROGATE; character++) {
      String text = "a" + (char) character + "a 1" + (char) character + "1";
      assertThat(split(text)).as("U+%04X", character).isEqualTo(splitByRegex(text));
    }
  }

  @Test
  void endlessWordsAreCutSoThatEncodingStaysFast() {
    String text = "\uD83D\uDE00".repeat(1000) + "a".repeat(1000) + " ".repeat(1000);
    List<String> words = split(text);
    assertThat(String.join("", words)).isEqualTo(text);
    assertThat(words).allMatch(word -> word.length() <= WordSplitter.MAX_LENGTH + 1);
    assertThat(words).noneMatch(word -> Character.isLowSurrogate(word.charAt(0)));
  }
}
