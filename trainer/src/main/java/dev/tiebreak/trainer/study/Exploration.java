package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.train.CodeVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code exploratory.jsonl}: a line for every time that a study was run before it was registered. A
 * study that has this file may suggest something; it was not fixed before its results were known.
 */
final class Exploration {
  private Exploration() {}

  /** Whether the study was ever run unregistered. */
  static boolean is(StudyFolder folder) {
    return Files.exists(folder.exploration());
  }

  /** Adds a line. */
  static void note(StudyFolder folder) {
    Path file = folder.exploration();
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    line.put("plan_sha256", Hashes.of(folder.plan()));
    line.put("classes_sha256", CodeVersion.current().sha256());
    try {
      String before = Files.exists(file) ? Files.readString(file) : "";
      AtomicFiles.writeString(file, before + line + "\n");
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }
}
