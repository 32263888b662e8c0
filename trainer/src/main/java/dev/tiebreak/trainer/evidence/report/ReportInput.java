package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report is made from.
 *
 * @param title of the page
 * @param source what was read, in a sentence
 * @param votes all of them, as they were read
 * @param key if they are about ids of texts
 * @param treatment the arm to ask about, where votes name arms and none is named baseline
 * @param words shown with each pair, by its id; empty if unknown
 * @param trainings figures about the trainings, safe to be put into a page, by their captions; may
 *     be empty
 */
public record ReportInput(
    String title,
    String source,
    List<Vote> votes,
    Optional<PairKey> key,
    Optional<String> treatment,
    Map<String, Integer> words,
    Map<String, String> trainings) {
  /** Copies the collections. */
  public ReportInput {
    votes = List.copyOf(votes);
    words = Map.copyOf(words);
    trainings = new LinkedHashMap<>(trainings); // keeps the order
  }
}
