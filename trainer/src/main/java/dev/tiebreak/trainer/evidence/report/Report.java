package dev.tiebreak.trainer.evidence.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A whole report, before it is written.
 *
 * @param title of the page
 * @param source what was read, in a sentence
 * @param conclusion by the registered rule
 * @param summary lines for a terminal, of at most 100 columns
 * @param settings seeds, numbers of resamples and limits, by name
 * @param sections from above
 */
public record Report(
    String title,
    String source,
    Conclusion conclusion,
    List<String> summary,
    Map<String, Object> settings,
    List<Section> sections) {
  /** Copies the collections. */
  public Report {
    summary = List.copyOf(summary);
    settings = new LinkedHashMap<>(settings); // keeps the order
    sections = List.copyOf(sections);
  }

  /** All tables of all sections. */
  public Stream<Table> tables() {
    return sections.stream().flatMap(Section::tables);
  }
}
