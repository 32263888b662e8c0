package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.study.StudyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code summary.md}, {@code summary.csv} and {@code figures/} of a study. */
public final class SummaryFiles {
  private static final String TABLE = "summary.csv";

  private SummaryFiles() {}

  /** Where the numbers go. */
  public static Path table(StudyFolder folder) {
    return folder.path().resolve(TABLE);
  }

  /**
   * The figures alone, by the names of their files.
   *
   * @throws UserError if there is no baseline to compare with
   */
  public static Map<String, String> figures(StudyResults results) {
    return SummaryFigures.of(LossAnalysis.of(results));
  }

  /**
   * Writes them all.
   *
   * @return how many figures there are
   * @throws UserError if something cannot be written
   */
  public static int write(StudyResults results) {
    StudyFolder folder = results.study().folder();
    LossAnalysis analysis = LossAnalysis.of(results);
    Map<String, String> figures = SummaryFigures.of(analysis);
    try {
      Files.createDirectories(folder.figures());
    } catch (IOException e) {
      throw UserError.io("create", folder.figures(), e);
    }
    figures.forEach((name, svg) -> LossFiles.write(folder.figures().resolve(name), svg));
    LossFiles.write(table(folder), SummaryTable.csv(results));
    LossFiles.write(folder.summary(), new SummaryPage(analysis, figures.keySet()).text());
    return figures.size();
  }
}
