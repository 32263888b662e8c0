package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.JsonLines;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of {@code pairs.jsonl}, whatever program made it.
 *
 * @param pair its id
 * @param prompt id of the prompt
 * @param promptText what both texts continue, verbatim
 * @param left the one text, verbatim
 * @param right the other
 * @param leftId opaque id of the left text
 * @param rightId opaque id of the right text
 */
public record JudgedPair(
    String pair,
    String prompt,
    String promptText,
    String left,
    String right,
    String leftId,
    String rightId) {
  /** The name of the file in its folder. */
  public static final String FILE = "pairs.jsonl";

  /** The file; others may add fields, which are not read. */
  public static final JsonLines<JudgedPair> FORMAT =
      JsonLines.of(JudgedPair.class, "the pairs", "nothing was read; make the pairs again")
          .lenient();

  /** The same texts on exchanged sides. */
  public JudgedPair swapped() {
    return new JudgedPair(pair, prompt, promptText, right, left, rightId, leftId);
  }

  /**
   * The pairs of a file, in its order.
   *
   * @throws UserError if it cannot be read, is empty, or naming the first ten lines at fault
   */
  public static List<JudgedPair> read(Path file) {
    Map<String, JudgedPair> pairs = new LinkedHashMap<>();
    FORMAT.forEach(
        file,
        (pair, _) -> {
          if (pairs.putIfAbsent(pair.pair(), pair) != null) {
            throw new IllegalArgumentException(
                "a second pair with the id " + Faults.quoted(pair.pair()));
          }
        });
    if (pairs.isEmpty()) {
      throw new UserError(Words.of("%s: there are no pairs; make the pairs again", file));
    }
    return List.copyOf(pairs.values());
  }
}
