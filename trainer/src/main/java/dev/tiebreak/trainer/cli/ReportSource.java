package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteLog;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.report.ReportInput;
import dev.tiebreak.trainer.evidence.report.Rules;
import dev.tiebreak.trainer.judge.JudgeStore;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.results.StudyResults;
import dev.tiebreak.trainer.study.results.SummaryFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where a report's votes, key and rules come from.
 *
 * @param folder where the votes lie
 */
record ReportSource(Path folder, ReportInput input, Rules rules) {
  private static final String TABLE = "votes.csv";

  /** Captions of the figures about trainings, by the beginning of their files' names. */
  private static final Map<String, String> CAPTIONS = captions();

  private static Map<String, String> captions() {
    Map<String, String> captions = new LinkedHashMap<>();
    captions.put(
        "losses", "Final validation losses less the baseline's: tied within the shaded band?");
    captions.put("curves", "Validation losses of all arms.");
    captions.put(
        "differences", "Validation losses less the baseline's, with the margin of equivalence.");
    captions.put("weights", "How tokens were weighted, in the second half of the training.");
    captions.put("weight-sd", "How unequally tokens were weighted.");
    captions.put("weight-effective", "How many of the tokens count, in effect.");
    captions.put("weight-negative", "How many tokens were pushed away from.");
    captions.put("blocks", "Divergence and factors of the blocks.");
    return captions;
  }

  /** A table from anywhere. */
  static ReportSource table(Path file, Path key, String treatment) {
    List<Vote> votes = Votes.read(file);
    Path folder = file.toAbsolutePath().getParent();
    ReportInput input =
        new ReportInput(
            "What the votes say",
            Words.of("Read: %,d votes from %s.", votes.size(), file.getFileName()),
            votes,
            Optional.ofNullable(key).map(PairKey::read),
            Optional.ofNullable(treatment),
            Map.of(),
            Map.of());
    return new ReportSource(folder, input, Rules.usual());
  }

  /** The folder of a study. */
  static ReportSource study(Path path, Path key, String treatment, Consumer<String> say) {
    Study study = Study.open(path);
    StudyFolder folder = study.folder();
    List<Vote> votes = votes(path);
    Path keyFile = key == null ? folder.key() : key;
    boolean sealed = key != null || Files.exists(keyFile) && !named(votes, study);
    ReportInput input =
        new ReportInput(
            study.plan().name() + ": what the votes say",
            Words.of("Asked: %s Read: %,d votes.", study.plan().question().strip(), votes.size()),
            votes,
            sealed ? Optional.of(PairKey.read(keyFile)) : Optional.empty(),
            Optional.ofNullable(treatment),
            words(folder.pairs()),
            trainings(study, say));
    return new ReportSource(
        path,
        input,
        Rules.of(study.plan().analysis(), study.plan().judging(), study.plan().comparisons()));
  }

  /** Whether votes name arms already. */
  private static boolean named(List<Vote> votes, Study study) {
    List<String> arms = study.plan().arms().stream().map(arm -> arm.name()).toList();
    return votes.stream()
        .filter(vote -> !vote.catchItem())
        .allMatch(vote -> arms.contains(vote.left()) && arms.contains(vote.right()));
  }

  /** What people and others judged, or else a table that was put there. */
  private static List<Vote> votes(Path folder) {
    boolean collected =
        Stream.of(JudgeStore.NAME, VoteLog.NAME).map(folder::resolve).anyMatch(Files::exists);
    Path table = folder.resolve(TABLE);
    if (!collected && !Files.exists(table)) {
      throw new UserError(
          Words.of(
              "there are no votes in %s (no %s, %s or %s); judge its pairs first, see tiebreak judge",
              folder, JudgeStore.NAME, VoteLog.NAME, TABLE));
    }
    return collected ? JudgingFolder.votes(folder) : Votes.read(table);
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
  private static Map<String, String> trainings(Study study, Consumer<String> say) {
    Map<String, String> figures = new LinkedHashMap<>();
    try {
      StudyResults results = StudyResults.read(study);
      if (!results.runs().isEmpty()) {
        SummaryFiles.figures(results)
            .forEach((file, svg) -> caption(file).ifPresent(text -> figures.put(text, svg)));
      }
    } catch (UserError e) {
      say.accept("The trainings are left out: " + e.getMessage());
    }
    return figures;
  }

  private static Optional<String> caption(String file) {
    return CAPTIONS.entrySet().stream()
        .filter(one -> file.startsWith(one.getKey()))
        .map(one ->
            one.getKey().equals("blocks") ? one.getValue() + " (" + file + ")" : one.getValue())
        .findFirst();
  }
}
