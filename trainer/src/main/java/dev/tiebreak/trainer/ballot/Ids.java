package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Words;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of judges, prompts, pairs and texts: each has one spelling. Without blanks around it,
 * in Unicode's composed form (NFC); two that differ only in capitals, in blanks, in Unicode's
 * compatible forms (NFKC) or in a number's {@code .0} are taken for one that was spelt in two ways.
 */
final class Ids {
  /** What programs write where nothing is known. */
  private static final Set<String> MISSING =
      Set.of("NaN", "nan", "NA", "N/A", "#N/A", "<NA>", "NaT", "None", "null", "NULL");

  private static final String BLANK = "[\\s\\p{Z}\\u200B\\uFEFF]+";

  private final Map<String, String> spellings = new HashMap<>(); // by kind and near form
  private final Set<String> told = new HashSet<>();

  /** The one spelling of an id. */
  static String canonical(String id) {
    return Normalizer.normalize(id, Form.NFC).replaceAll("^" + BLANK + "|" + BLANK + "$", "");
  }

  /** Whether a program wrote this for want of a value. */
  static boolean isMissing(String text) {
    return MISSING.contains(text.strip());
  }

  /**
   * Notes the ids of a vote.
   *
   * @param faults told of those that were spelt otherwise before, once each
   */
  void note(long line, Vote vote, Faults faults) {
    note(line, "judge", vote.judge().id(), faults);
    note(line, "prompt", vote.shown().prompt(), faults);
    note(line, "pair", vote.shown().pair(), faults);
    note(line, "text", vote.shown().left(), faults);
    note(line, "text", vote.shown().right(), faults);
    note(line, "comparison", vote.origin().comparison(), faults);
  }

  private void note(long line, String what, String id, Faults faults) {
    String before = spellings.putIfAbsent(what + ' ' + near(id), id);
    if (before != null && !before.equals(id) && told.add(what + ' ' + id)) {
      faults.add(
          line,
          Words.of(
              "the %s %s was %s in a line before; one thing needs one name, two need names that differ in more than capitals or blanks",
              what, Faults.quoted(id), Faults.quoted(before)));
    }
  }

  private static String near(String id) {
    return Normalizer.normalize(id, Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll(BLANK, "")
        .replaceAll("^(-?\\d+)\\.0+$", "$1");
  }
}
