package dev.tiebreak.trainer.study.votes;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.report.ReportInput;
import dev.tiebreak.trainer.evidence.report.Rules;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import dev.tiebreak.trainer.study.results.StudyResults;
import dev.tiebreak.trainer.study.results.StudySummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Votes about the pairs of a study, and all that a report about them needs.
 *
 * @param input votes, key, words and figures
 * @param rules how the plan says that they are analysed
 */
public record StudyVotes(ReportInput input, Rules rules) {
  /**
   * Reads the votes of a study, or of any folder with pairs.
   *
   * @param key of the pairs, where it is not the study's own
   * @param treatment the arm to ask about, where votes name arms
   * @param note told what is left out, and why
   * @throws UserError if there are no votes, or something cannot be read
   */
  public static StudyVotes read(
      Path path, Optional<Path> key, Optional<String> treatment, Consumer<String> note) {
    StudyFolder folder = new StudyFolder(path);
    return Files.exists(folder.plan()) || !Files.exists(folder.pairs())
        ? ofStudy(path, key, treatment, note)
        : ofPairs(folder, key, treatment);
  }

  /** Votes about pairs without a plan: by the usual rules. */
  private static StudyVotes ofPairs(
      StudyFolder folder, Optional<Path> key, Optional<String> treatment) {
    List<Vote> votes = new JudgedFolder(folder.path()).votes();
    ReportInput input =
        new ReportInput(
            "What the votes say",
            Words.of("Read: %,d votes from %s.", votes.size(), folder.path().getFileName()),
            votes,
            key.or(() -> Optional.of(folder.key()).filter(Files::exists))
                .map(file -> pinned(file, folder)),
            treatment,
            words(folder.pairs()),
            List.of());
    return new StudyVotes(input, Rules.usual());
  }

  private static StudyVotes ofStudy(
      Path path, Optional<Path> key, Optional<String> treatment, Consumer<String> note) {
    Study study = Study.open(path);
    StudyPlan plan = study.plan();
    List<Vote> votes = new JudgedFolder(path).votes();
    ReportInput input =
        new ReportInput(
            plan.name() + ": what the votes say",
            Words.of("Asked: %s Read: %,d votes.", plan.question().strip(), votes.size()),
            votes,
            key.or(() -> sealed(votes, study)).map(file -> pinned(file, study.folder())),
            treatment,
            words(study.folder().pairs()),
            trainings(study, note));
    return new StudyVotes(input, Rules.of(plan.analysis(), plan.judging(), plan.comparisons()));
  }

  private static PairKey pinned(Path key, StudyFolder folder) {
    return PairsManifest.readPinned(key, folder.pairsManifest(), folder.pairs());
  }

  /** The study's key, if there is one and votes need it: if they do not name arms. */
  private static Optional<Path> sealed(List<Vote> votes, Study study) {
    List<String> arms = study.plan().arms().stream().map(arm -> arm.name()).toList();
    boolean named =
        votes.stream()
            .filter(vote -> !vote.shown().catchItem())
            .allMatch(
                vote -> arms.contains(vote.shown().left()) && arms.contains(vote.shown().right()));
    return Optional.of(study.folder().key()).filter(key -> Files.exists(key) && !named);
  }

  /** How many words each pair shows. */
  private static Map<String, Integer> words(Path pairs) {
    if (!Files.exists(pairs)) {
      return Map.of();
    }
    Map<String, Integer> words = new HashMap<>();
    for (JudgedPair pair : JudgedPair.read(pairs)) {
      words.put(pair.pair(), count(pair.left()) + count(pair.right()));
    }
    return words;
  }

  private static int count(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  /** Figures about the runs that are there; none if they cannot be compared. */
  private static List<Figure> trainings(Study study, Consumer<String> note) {
    try {
      StudyResults results = StudyResults.read(study);
      return results.runs().isEmpty() ? List.of() : StudySummary.figures(results);
    } catch (UserError e) {
      note.accept("The trainings are left out: " + e.getMessage());
      return List.of();
    }
  }
}
