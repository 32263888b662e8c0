package dev.tiebreak.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SummaryTest {
  @TempDir Path folder;

  private void parts(String... lines) throws IOException {
    Files.write(folder.resolve("parts.tsv"), List.of(lines));
  }

  private Path part(String name) {
    return folder.resolve("parts").resolve(name + ".json");
  }

  private String page() throws IOException {
    return Files.readString(folder.resolve("results.md"));
  }

  private JsonNode json() throws IOException {
    return JsonMapper.shared().readTree(Files.readString(folder.resolve("results.json")));
  }

  @Test
  void aPartThatWroteNothingIsAFailureAndTheOthersAreKept() throws IOException {
    parts("libraries\t0\t2\t40", "parity\t139\t7\t90", "rates\t124\t60\t60", "memcheck\t77\t0\t9");
    Report libraries = new Report("libraries");
    libraries.fact("device", "A Card");
    libraries.check("CUDA is usable", true, "yes");
    libraries.note("This was seen.");
    libraries.note("a trace\n\tof two lines");
    libraries.write(part("libraries"));

    assertThat(Summary.of(folder).write()).isFalse();
    assertThat(page())
        .contains("# GPU suite: A Card")
        .contains("| libraries | ok | 1 of 1 | 2 |")
        .contains("libraries: This was seen.")
        .doesNotContain("a trace")
        .contains("| parity | **failed** |  | 7 |")
        .contains("| rates | **over 60 s** |")
        .contains("| memcheck | not run |")
        .contains("**parity**, status 139, see its log")
        .doesNotContain("**memcheck**");
    assertThat(json().path("ok").asBoolean()).isFalse();
    assertThat(json().path("parts")).hasSize(4);
    assertThat(json().path("parts").get(0).path("result").path("facts").path("device").asString())
        .isEqualTo("A Card");
  }

  @Test
  void aCheckThatDoesNotHoldIsNamedWithItsDetail() throws IOException {
    parts("twins\t1\t3\t40");
    Report twins = new Report("twins");
    twins.check("equal bytes", true, "yes");
    twins.checkBelow("error of y", Double.NaN, 1e-4);
    twins.write(part("twins"));

    assertThat(Summary.of(folder).write()).isFalse();
    assertThat(page()).contains("| 1 of 2 |").contains("- error of y: NaN, limit 1e-04");
  }

  @Test
  void aStepIsComparedWithBothRates() throws IOException {
    parts("rates\t0\t3\t40", "step\t0\t3\t40");
    Report rates = new Report("rates");
    rates.fact("teraflops", 800.0);
    rates.write(part("rates"));
    Report step = new Report("step");
    step.step(
        Map.of(
            "program",
            "Tiebreak bf16",
            "model",
            "1.2b",
            "batch",
            16,
            "length",
            2048,
            "tokens_per_second",
            50_000.0,
            "milliseconds",
            655.36,
            "flops_per_token",
            Map.of("weights", 8e9, "causal", 9e9, "full", 10e9),
            "peak_bytes",
            70e9));
    step.write(part("step"));

    assertThat(Summary.of(folder).write()).isTrue();
    assertThat(page())
        .contains("| of 800 TFLOP/s |")
        .contains("| 1.2b | Tiebreak bf16 | 16 x 2048 | 50,000 | 655.36")
        .contains("| 40.4 / 45.5 / 50.6 % | 50.0 / 56.3 / 62.5 % | 70.0 GB |");
  }

  @Test
  void whatAKilledProcessLeftHalfWrittenDoesNotMatter() throws IOException {
    parts("step\t137\t3\t40");
    Files.createDirectories(folder.resolve("parts"));
    Files.writeString(part("step"), "{\"kind\": \"se");
    assertThat(Summary.of(folder).write()).isFalse();
    assertThat(page()).contains("| step | **over 40 s** |");
  }
}
