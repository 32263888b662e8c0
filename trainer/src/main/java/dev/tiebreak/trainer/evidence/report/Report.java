package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Block;
import dev.tiebreak.trainer.evidence.document.Document;
import dev.tiebreak.trainer.evidence.document.DocumentFiles;
import dev.tiebreak.trainer.evidence.document.Facts;
import dev.tiebreak.trainer.evidence.document.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A whole report, before it is written.
 *
 * @param verdict by the registered rule
 * @param glance the report on one screen
 * @param settings seeds, numbers of resamples and limits, by name
 */
public record Report(
    Verdict verdict, List<Block> glance, Map<String, Object> settings, Document document) {
  /** What the files are named, but for what they end in. */
  public static final String NAME = "report";

  /** The name of the seed among the settings. */
  public static final String SEED = "seed_of_resampling";

  /** A report whose document begins with the verdict and ends with the settings. */
  static Report of(
      String title,
      String source,
      Verdict verdict,
      List<Block> glance,
      Map<String, Object> settings,
      List<Section> sections) {
    List<Section> all = new ArrayList<>();
    all.add(Section.of("verdict", "Verdict").add(verdict.facts()).build());
    all.addAll(sections);
    all.add(
        Section.of("settings", "How to get these numbers again")
            .add(new Facts("settings", settings))
            .build());
    return new Report(verdict, List.copyOf(glance), settings, new Document(title, source, all));
  }

  /**
   * Writes {@code report.html}, {@code report.json} and a CSV file for each table.
   *
   * @param folder is made if it is not there
   * @return how many CSV files there are
   * @throws dev.tiebreak.trainer.base.UserError if one cannot be written
   */
  public int write(Path folder) {
    return DocumentFiles.write(document, folder, NAME);
  }
}
