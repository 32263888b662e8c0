package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.Sha256;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What models are asked. Its text is frozen: another wording is another file with another version,
 * and its hash stands with every reply and every vote.
 */
final class Rubric {
  private static final String FILE = "rubric-1.txt";
  private static final String TEXT = Resources.text(Rubric.class, FILE);
  private static final Pattern PLACE = Pattern.compile("\\$\\{(mark|prompt|left|right)}");
  private static final int MARK_DIGITS = 16;

  private static final Pattern LAST =
      Pattern.compile("\\{\\s*\"choice\"\\s*:\\s*\"(left|right|same|unusable)\"\\s*}\\s*$");
  private static final Pattern THOUGHTS = Pattern.compile("(?s)^\\s*<think>.*?</think>");
  private static final Pattern ANY = Pattern.compile("\\{\\s*\"choice\"");

  /** What is said to a model whose answer had no verdict in it. */
  static final String FORMAT_REMINDER =
      """
      Your answer does not end as it was asked to. Answer again with exactly one line and nothing else, one of these:
      {"choice":"left"}
      {"choice":"right"}
      {"choice":"same"}
      {"choice":"unusable"}
      """;

  private Rubric() {}

  /** SHA-256 of its text and of the reminder. */
  static String hash() {
    return Sha256.of(TEXT + FORMAT_REMINDER);
  }

  /**
   * The question about a pair. Its texts stand between lines with a mark that is a hash of them
   * all, so that no text can contain its own.
   */
  static String question(JudgedPair shown) {
    String mark =
        Sha256.of(String.join("\0", shown.promptText(), shown.left(), shown.right()))
            .substring(0, MARK_DIGITS);
    Map<String, String> values =
        Map.of(
            "mark",
            mark,
            "prompt",
            shown.promptText(),
            "left",
            shown.left(),
            "right",
            shown.right());
    return PLACE
        .matcher(TEXT) // once over the rubric: what a text contains is not replaced
        .replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
  }

  /**
   * The verdict an answer ends with; empty unless there is exactly one, at its end. What a model
   * thinks aloud before its answer, as some do, is no part of it.
   */
  static Optional<Choice> verdict(String answer) {
    String said = THOUGHTS.matcher(answer).replaceFirst("");
    Matcher last = LAST.matcher(said);
    boolean isOnlyOne = ANY.matcher(said).results().count() == 1;
    return isOnlyOne && last.find() ? Choice.of(last.group(1)) : Optional.empty();
  }
}
