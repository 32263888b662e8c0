package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.evidence.document.Csv;
import dev.tiebreak.trainer.evidence.document.Document;
import dev.tiebreak.trainer.evidence.document.DocumentFiles;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Html;
import dev.tiebreak.trainer.evidence.document.Json;
import dev.tiebreak.trainer.evidence.document.Markdown;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What was run in a study and what came out, without what judges say. */
public final class StudySummary {
  private StudySummary() {}

  /**
   * Makes the document.
   *
   * @throws dev.tiebreak.trainer.base.UserError if there is no baseline to compare with
   */
  public static Document of(StudyResults results) {
    LossAnalysis analysis = LossAnalysis.of(results);
    SummarySections sections = new SummarySections(analysis);
    List<Section> all =
        Stream.of(
                SettingSection.of(results),
                sections.losses(),
                sections.predictions(),
                sections.signal(),
                sections.texts(),
                sections.parting(),
                sections.blocks(),
                sections.reading())
            .filter(section -> !section.blocks().isEmpty())
            .toList();
    return new Document(results.plan().name(), results.plan().question(), all);
  }

  /** Its figures alone. */
  public static List<Figure> figures(StudyResults results) {
    return of(results).figures().toList();
  }

  /** Where each number of each run goes. */
  public static Path table(StudyFolder folder) {
    return beside(folder, ".csv");
  }

  /** The page that needs nothing else. */
  public static Path page(StudyFolder folder) {
    return beside(folder, ".html");
  }

  private static Path beside(StudyFolder folder, String end) {
    return folder.path().resolve("summary" + end);
  }

  /**
   * Writes {@code summary.md} with {@code figures/}, {@code summary.html}, {@code summary.json} and
   * {@code summary.csv} into the study's folder.
   *
   * @return how many figures there are
   * @throws dev.tiebreak.trainer.base.UserError if something cannot be written
   */
  public static int write(StudyResults results) {
    StudyFolder folder = results.study().folder();
    Document document = of(results);
    int figures = DocumentFiles.figures(document, folder.figures());
    DocumentFiles.write(table(folder), Csv.of(RunNumbers.table(results)));
    DocumentFiles.write(beside(folder, ".json"), Json.of(document));
    DocumentFiles.write(page(folder), Html.of(document));
    String beside = folder.figures().getFileName().toString();
    DocumentFiles.write(folder.summary(), Markdown.of(document, beside));
    return figures;
  }
}
