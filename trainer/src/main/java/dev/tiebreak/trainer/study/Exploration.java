package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.JsonLines;
import dev.tiebreak.trainer.base.LineWriter;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.lab.train.CodeVersion;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * {@code exploratory.jsonl}: a line for every time that a study was run before it was registered. A
 * study that has this file may suggest something; it was not fixed before its results were known.
 *
 * @param time when, as an ISO-8601 instant
 * @param planSha256 of {@code study.toml}
 * @param classesSha256 of the program
 */
record Exploration(String time, String planSha256, String classesSha256) {
  private static final JsonLines<Exploration> FORMAT =
      JsonLines.of(Exploration.class, "the record of explorations", "remove those lines");

  /** Whether the study was ever run unregistered. */
  static boolean is(StudyFolder folder) {
    return Files.exists(folder.exploration());
  }

  /** Adds a line. */
  static void note(StudyFolder folder) {
    Exploration now =
        new Exploration(
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            Sha256.of(folder.plan()),
            CodeVersion.current().sha256());
    try (LineWriter lines = LineWriter.open(folder.exploration(), "the record of explorations")) {
      lines.append(FORMAT.line(now));
      lines.force();
    }
  }
}
