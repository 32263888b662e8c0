package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Dialect;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Figure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report is made from.
 *
 * @param source what was read, in a sentence
 * @param votes all of them, as they were read, but for their order
 * @param key if they are about ids of texts
 * @param treatment the arm to ask about, where votes name arms and none is named baseline
 * @param words shown with each pair, by its id; empty if unknown
 */
public record ReportInput(
    String title,
    String source,
    List<Vote> votes,
    Optional<PairKey> key,
    Optional<String> treatment,
    Map<String, Integer> words,
    List<Figure> trainings) {
  public ReportInput {
    votes = Votes.sorted(votes); // nothing may depend on the order of rows
    words = Map.copyOf(words);
    trainings = List.copyOf(trainings);
  }

  /**
   * A table of votes from anywhere.
   *
   * @param dialect what its columns and words mean
   * @param key of the pairs, if votes are about ids of texts
   * @param treatment the arm to ask about, if votes name arms
   * @throws UserError if something cannot be read
   */
  public static ReportInput table(
      Path file, Dialect dialect, Optional<Path> key, Optional<String> treatment) {
    List<Vote> votes = Votes.read(file, dialect, Map.of());
    return new ReportInput(
        "What the votes say",
        Words.of("Read: %,d votes from %s.", votes.size(), file.getFileName()),
        votes,
        key.map(one ->
            PairsManifest.readPinned(
                one, one.resolveSibling(PairsManifest.NAME), one.resolveSibling(JudgedPair.FILE))),
        treatment,
        Map.of(),
        List.of());
  }
}
