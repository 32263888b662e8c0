package dev.tiebreak.trainer.study.votes;

import dev.tiebreak.trainer.ballot.Dialect;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteLog;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Votes from elsewhere that were added to those collected, all or none.
 *
 * @param id by which they are taken out again
 * @param votes how many were added
 * @param exact rows that repeat another in everything, and were not
 * @param again how many of those added are of pairs that the judge had judged
 */
public record VoteImport(String id, int votes, int exact, int again) {
  /** The column that holds the id. */
  private static final String COLUMN = "import";

  private static final int DIGITS = 8;

  /**
   * Adds a table of votes about the pairs of a folder.
   *
   * @param log where votes are collected
   * @throws dev.tiebreak.trainer.base.UserError if a row is wrong, about pairs that are not there,
   *     or there already
   */
  public static VoteImport add(Path folder, Path log, Path table, Dialect dialect) {
    Map<String, JudgedPair> pairs = new HashMap<>();
    Map<String, String> prompts = new HashMap<>();
    Path file = folder.resolve(JudgedPair.FILE);
    if (Files.exists(file)) {
      JudgedPair.read(file)
          .forEach(pair -> {
            pairs.put(pair.pair(), pair);
            prompts.put(pair.pair(), pair.prompt());
          });
    }
    List<Vote> read = Votes.read(table, dialect, prompts);
    if (!pairs.isEmpty()) {
      requireKnown(read, pairs, table);
    }
    Path key = new StudyFolder(folder).key();
    if (Files.exists(key)) {
      Votes.unblind(read, PairKey.read(key)); // says which votes are not about its texts
    }
    String id = Sha256.of(table).substring(0, DIGITS);
    List<Vote> votes = read.stream().distinct().map(vote -> vote.extra(COLUMN, id)).toList();
    try (VoteLog collected = VoteLog.open(log)) {
      collected.addTable(votes);
    }
    long judged = votes.stream().map(Vote::id).distinct().count();
    return new VoteImport(
        id, votes.size(), read.size() - votes.size(), votes.size() - (int) judged);
  }

  private static void requireKnown(List<Vote> votes, Map<String, JudgedPair> pairs, Path table) {
    Faults faults = new Faults();
    votes.stream()
        .filter(vote -> !vote.shown().catchItem() && !pairs.containsKey(vote.shown().original()))
        .forEach(vote -> faults.add(vote.id() + ": there is no such pair"));
    faults.throwIfAny(
        table.toString(), Words.of("no vote was added; see %s for the pairs", JudgedPair.FILE));
  }

  /**
   * Takes an import back.
   *
   * @return how many votes are no longer among those collected
   * @throws dev.tiebreak.trainer.base.UserError if there are none of that import
   */
  public static int undo(Path log, String id) {
    Check.user(Files.exists(log), "nothing was imported: there is no %s", log);
    try (VoteLog collected = VoteLog.open(log)) {
      boolean there =
          collected.votes().stream().anyMatch(vote -> id.equals(vote.extra().get(COLUMN)));
      Check.user(there, "%s holds no votes of an import %s; see its column import", log, id);
      return collected.remove(vote -> id.equals(vote.extra().get(COLUMN)));
    }
  }
}
