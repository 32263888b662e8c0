package dev.tiebreak.trainer.evidence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.evidence.document.Plain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Equal votes give equal bytes wherever a program calls the report. */
@ResourceLock(Resources.LOCALE)
class LocaleTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  private static Map<String, String> files(Locale locale, Path folder) throws IOException {
    Locale.setDefault(locale);
    Report report =
        VoteReport.of(SyntheticVotes.input(SyntheticVotes.study(3)), Rules.usual(), _ -> {});
    report.write(folder);
    Map<String, String> texts = new TreeMap<>();
    texts.put("glance", Plain.of(report.glance()) + report.verdict());
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void theLocaleDecidesAboutNothing(@TempDir Path folder) throws IOException {
    Map<String, String> root = files(Locale.ROOT, folder.resolve("root"));
    Map<String, String> german = files(Locale.GERMANY, folder.resolve("german"));
    assertThat(root).hasSizeGreaterThan(20);
    assertThat(root.get("report.html")).contains("10,000 draws");
    assertThat(german).isEqualTo(root);
  }
}
