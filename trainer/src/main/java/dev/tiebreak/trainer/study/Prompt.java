package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Check;
import java.util.regex.Pattern;

/**
 * The beginning of a text that every model of a study continues.
 *
 * @param id names it in every file, unique in its study
 * @param kind what sort of text it begins, in the author's own words: {@code story}, {@code list}
 * @param text to continue, as it is
 */
public record Prompt(String id, String kind, String text) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Checks the texts. */
  public Prompt {
    Check.argument(!kind.isBlank(), "kind is empty");
    Check.argument(!text.isBlank(), "text is empty");
    Check.argument(
        ID.matcher(id).matches(),
        "the id '%s' must be letters, digits, dots, hyphens and underscores",
        id);
    Check.argument(
        text.equals(text.stripTrailing()),
        "the text ends in white space, which most tokenizers see as the start of the next word; remove it");
  }
}
