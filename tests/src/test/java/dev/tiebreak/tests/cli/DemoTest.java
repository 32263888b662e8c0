package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tour, on a tiny model. */
class DemoTest {
  @TempDir Path folder;

  private TinyTraining tiny;

  @BeforeEach
  void begin() {
    tiny = new TinyTraining(folder);
  }

  private Outcome demo(String... more) {
    return Outcome.of(tiny.command("demo", tiny.run(), more));
  }

  private JsonNode manifest(String twin) throws Exception {
    Path file = tiny.run().resolve(twin).resolve("manifest.json");
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  @Test
  void twinsAreTrainedComparedAndHeard() throws Exception {
    Outcome demo = demo().succeeded();
    assertThat(demo.err())
        .containsSubsequence(
            "Training the baseline", "step 8/8", "Training its twin 'both'", "step 8/8");
    JsonNode baseline = manifest("baseline");
    JsonNode both = manifest("both");
    for (String proof : List.of("initial_weights_sha256", "data_order_sha256", "data")) {
      assertThat(both.get(proof)).isNotNull().isEqualTo(baseline.get(proof));
    }
    assertThat(both.get("config_sha256")).isNotEqualTo(baseline.get("config_sha256"));
    String hash = baseline.get("initial_weights_sha256").asString();
    assertThat(demo.out())
        .contains("The twins started equal", hash.substring(0, 12))
        .contains("o baseline   x both", "step 8")
        .containsPattern(
            "Final loss: baseline \\d\\.\\d{4}, both \\d\\.\\d{4}; both - baseline = [+-]")
        .containsPattern("The curves (tie|are close|do not tie)")
        .contains("Returns the number of ...", "A thread that ...")
        .contains("Written to " + tiny.run(), "Next:");
    assertThat(demo.out().split("\n    baseline  \\.\\.\\.", -1)).hasSize(5);
    assertThat(demo.out().split("\n    both      \\.\\.\\.", -1)).hasSize(5);

    assertThat(Files.readAllLines(tiny.run().resolve("samples.jsonl"))).hasSize(4);
    Path picture = tiny.run().resolve("curves.svg");
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var svg = parser.parse(picture.toFile()).getDocumentElement();
    assertThat(svg.getTagName()).isEqualTo("svg");
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
  }

  @Test
  void aSecondCallShowsTheSameTwinsAndOtherPrompts() {
    String first = demo("--prompt=it was").succeeded().out();
    Outcome again = demo("--prompt=it was").succeeded();
    assertThat(again.out()).isEqualTo(first).contains("  it was ...");
    assertThat(again.err()).doesNotContain("step 4/8");
    assertThat(demo("--prompt=the age").succeeded().out()).contains("  the age ...");
    demo("--seed=2").failed("cannot resume " + tiny.run().resolve("baseline"), "--overwrite");
    assertThat(demo("--seed=2", "--overwrite").succeeded().err()).contains("step 4/8");
  }

  @Test
  void whatCannotWorkIsSaidBeforeTheTraining() {
    demo("--arm=gain").failedAtOnce("leave out --arm");
    demo("--prompt=").failed("the prompt is empty");
    demo("--tokenizer=chars", "--prompt=it ü").failed("'ü' (U+00FC) does not occur");
    demo("--run=" + tiny.text()).failed(tiny.text().toString());
    assertThat(tiny.run()).doesNotExist();
  }
}
