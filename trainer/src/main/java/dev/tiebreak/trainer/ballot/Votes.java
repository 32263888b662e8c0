package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reading and writing tables of votes. The columns are those of {@link Vote}: {@code judge}, {@code
 * judge_kind}, {@code prompt}, {@code pair}, {@code left}, {@code right}, {@code choice}, which
 * every table has, and {@code seed}, {@code response_ms}, {@code at} (ISO 8601), {@code vendor},
 * {@code swapped_of}, {@code catch}, {@code left_tokens}, {@code right_tokens}, {@code role}, and
 * once the key is used {@code comparison}, {@code treatment_side} and {@code control_seed}. Others
 * are kept.
 */
public final class Votes {
  private static final String REMEDY = "nothing was read; correct this and read the table again";

  private Votes() {}

  /** How a table is written. */
  public enum Format {
    /** For spreadsheets and statistics programs. */
    CSV,
    /** A JSON object in each line. */
    JSONL;

    /**
     * What the name of a file asks for.
     *
     * @throws UserError if it ends in neither {@code .csv} nor {@code .jsonl}
     */
    public static Format of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".csv")) {
        return CSV;
      }
      if (name.endsWith(".jsonl")) {
        return JSONL;
      }
      throw new UserError(
          Words.of("%s ends in neither .csv nor .jsonl; give it one of these names", file));
    }
  }

  /**
   * Reads a table, CSV or JSONL, whichever it is: all of it or nothing.
   *
   * @throws UserError if it cannot be read, or naming the first ten faults by their lines
   */
  public static List<Vote> read(Path file) {
    String text = TextFiles.read(file, "the votes");
    boolean isEmptyLines = text.isBlank() && file.toString().endsWith(".jsonl");
    return isEmptyLines ? List.of() : parse(text, file.toString());
  }

  /**
   * Reads a table from a text.
   *
   * @param origin where it stands, for messages
   */
  public static List<Vote> parse(String text, String origin) {
    String content = TextFiles.withoutMark(text);
    if (content.stripLeading().startsWith("{")) {
      return parseLines(content, origin);
    }
    Faults faults = new Faults();
    List<Vote> votes = VoteCsv.read(content, faults);
    faults.throwIfAny(origin, REMEDY);
    return votes;
  }

  /** Reads lines of JSON, also where there are none. */
  static List<Vote> parseLines(String text, String origin) {
    Faults faults = new Faults();
    List<Vote> votes = VoteJsonl.read(text, faults);
    faults.throwIfAny(origin, REMEDY);
    return votes;
  }

  /** The text of a table; equal votes give equal texts. */
  public static String format(List<Vote> votes, Format format) {
    return switch (format) {
      case CSV -> VoteCsv.write(votes);
      case JSONL -> VoteJsonl.write(votes);
    };
  }

  /**
   * Writes a table, in the format its name asks for; a file that is there is replaced.
   *
   * @throws UserError if it cannot be written; then what was there stays
   */
  public static void write(Path file, List<Vote> votes) {
    TextFiles.write(file, format(votes, Format.of(file)), "the votes");
  }

  /**
   * Puts names of arms in the place of ids of texts, and adds what else the key knows: the {@link
   * Vote.Origin}, and the number of the {@code completion} as a further column. Catch items are in
   * no key and stay as they are.
   *
   * @throws UserError naming votes on pairs or texts that the key does not have; all or nothing
   */
  public static List<Vote> unblind(List<Vote> votes, PairKey key) {
    return new Unblinding(key).of(votes);
  }
}
