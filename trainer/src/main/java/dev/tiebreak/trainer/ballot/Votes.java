package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reading and writing tables of votes. The columns are those of {@link Vote}: {@code judge}, {@code
 * judge_kind}, {@code prompt}, {@code pair}, {@code left}, {@code right}, {@code choice}, which
 * every table has, and {@code seed}, {@code response_ms}, {@code at} (ISO 8601), {@code vendor},
 * {@code swapped_of}, {@code catch}, {@code left_tokens}, {@code right_tokens}, {@code role}, and
 * once the key is used {@code comparison}, {@code treatment_side} and {@code control_seed}. Others
 * are kept.
 */
public final class Votes {
  private static final String REMEDY =
      "nothing was read; correct this, or say what its columns and words mean, and read it again";

  private static final Comparator<Vote> ORDER =
      Comparator.comparing((Vote vote) -> vote.judge().id())
          .thenComparing(vote -> vote.shown().prompt())
          .thenComparing(vote -> vote.shown().original())
          .thenComparing(vote -> vote.when().at().orElse(Instant.MIN))
          .thenComparing(vote -> vote.shown().isRepeat())
          .thenComparing(VoteWriter::line);

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
    return read(file, Dialect.USUAL, Map.of());
  }

  /**
   * Reads a table from elsewhere: all of it or nothing.
   *
   * @param dialect what its columns and words mean
   * @param prompts of pairs, by their ids, for a table that names pairs only; or none
   * @throws UserError if it cannot be read, or naming the first ten faults by their lines
   */
  public static List<Vote> read(Path file, Dialect dialect, Map<String, String> prompts) {
    String text = TextFiles.readTable(file, "the votes");
    boolean isEmptyLines = text.isBlank() && file.toString().endsWith(".jsonl");
    return isEmptyLines ? List.of() : parse(text, file.toString(), dialect, prompts);
  }

  /**
   * Reads a table from a text.
   *
   * @param origin where it stands, for messages
   */
  public static List<Vote> parse(String text, String origin) {
    return parse(text, origin, Dialect.USUAL, Map.of());
  }

  private static List<Vote> parse(
      String text, String origin, Dialect dialect, Map<String, String> prompts) {
    Faults faults = new Faults();
    List<Vote> votes = VoteTable.read(TextFiles.withoutMark(text), dialect, prompts, faults);
    requireRepeated(votes, faults);
    faults.throwIfAny(origin, REMEDY);
    return votes;
  }

  /** What a judge was shown again must be what this judge was shown. */
  private static void requireRepeated(List<Vote> votes, Faults faults) {
    Set<VoteId> judged = votes.stream().map(Vote::id).collect(Collectors.toSet());
    for (Vote vote : votes) {
      if (vote.shown().isRepeat()) {
        VoteId first = new VoteId(vote.judge().id(), vote.shown().swappedOf(), false);
        if (!judged.contains(first)) {
          faults.add(
              Words.of(
                  "swapped_of is %s in a row of the judge %s, who judged no such pair",
                  Faults.quoted(first.pair()), Faults.quoted(first.judge())));
        }
      }
    }
  }

  /** Reads lines of JSON, also where there are none. */
  static List<Vote> parseLines(String text, String origin) {
    Faults faults = new Faults();
    List<Vote> votes = VoteTable.log(text, faults);
    faults.throwIfAny(origin, REMEDY);
    return votes;
  }

  /** The same votes in an order that does not depend on the one they are given in. */
  public static List<Vote> sorted(List<Vote> votes) {
    return votes.stream().sorted(ORDER).toList();
  }

  /** The text of a table; equal votes give equal texts. */
  public static String format(List<Vote> votes, Format format) {
    return switch (format) {
      case CSV -> VoteWriter.csv(votes);
      case JSONL -> VoteWriter.lines(votes);
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
