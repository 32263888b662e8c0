package dev.tiebreak.trainer.study.pairs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import dev.tiebreak.trainer.base.JsonLines;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Path;

/**
 * A text that a model wrote, and a line of {@code completions.jsonl}. It names arms, so the file is
 * as private as the key.
 *
 * @param prompt id of the prompt
 * @param completion number of the completion of that prompt
 * @param text what comes after the prompt, verbatim
 * @param fingerprint hash of all that decides the text
 */
public record Completion(
    @JsonUnwrapped RunId run,
    double temperature,
    String prompt,
    int completion,
    String text,
    @JsonUnwrapped TextStatistics statistics,
    String fingerprint) {
  /** The file. */
  public static final JsonLines<Completion> FORMAT =
      JsonLines.of(
          Completion.class,
          "the completions",
          "remove those lines, and their texts are written again");

  /** Where a study has the file. */
  public static Path in(StudyFolder folder) {
    return folder.path().resolve("completions.jsonl");
  }
}
