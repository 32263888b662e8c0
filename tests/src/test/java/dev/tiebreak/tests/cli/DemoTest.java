package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tour, on a tiny model. */
@Tag("slow")
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

  private JsonNode manifest(String run) throws Exception {
    Path file = tiny.run().resolve("runs").resolve(run).resolve("manifest.json");
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  @Test
  void aStudyIsTrainedComparedAndHeard() throws Exception {
    Outcome demo = demo().succeeded();
    assertThat(demo.err())
        .contains("Training 8 runs of", "baseline, gain, divergence, both; seeds 1, 2")
        .contains("both/seed-2  step 8/8", "8 of 8 runs complete");
    for (int seed = 1; seed <= 2; seed++) {
      JsonNode baseline = manifest("baseline/seed-" + seed);
      JsonNode both = manifest("both/seed-" + seed);
      for (String proof : List.of("initial_weights_sha256", "data_order_sha256", "data")) {
        assertThat(both.get(proof)).isNotNull().isEqualTo(baseline.get(proof));
      }
      assertThat(both.get("config_sha256")).isNotEqualTo(baseline.get("config_sha256"));
      String hash = baseline.get("initial_weights_sha256").asString();
      assertThat(demo.out())
          .contains("seed " + seed + ": initial weights " + hash.substring(0, 12));
    }
    assertThat(demo.out())
        .contains("Twins started equal", "o baseline   x both", "step 8")
        .containsPattern("divergence +2  \\d\\.\\d{4}  [+-]\\d\\.\\d{4} ")
        .contains("a test without assumptions (sign flips) cannot reach a p below 0.5")
        .contains("What this can claim", "Returns the number of ...", "A thread that ...")
        .contains("Written to " + tiny.run(), "Next:");
    assertThat(demo.out().split("\n    baseline  \\.\\.\\.", -1)).hasSize(5);
    assertThat(demo.out().split("\n    both      \\.\\.\\.", -1)).hasSize(5);

    assertThat(Files.readAllLines(tiny.run().resolve("samples.jsonl"))).hasSize(4);
    assertThat(tiny.run().resolve("summary.md")).content().contains("figures/curves.svg");
    Path picture = tiny.run().resolve("figures/curves.svg");
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var svg = parser.parse(picture.toFile()).getDocumentElement();
    assertThat(svg.getTagName()).isEqualTo("svg");
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(4);
    isAStudyLikeAnyOther(demo.out());
    showsTheSameAgainAndOtherPrompts(demo.out());
  }

  private void isAStudyLikeAnyOther(String shown) {
    String losses = Outcome.of("study", "losses", tiny.run().toString()).succeeded().out();
    assertThat(losses).contains("Written to " + tiny.run() + ": losses.json");
    assertThat(shown).contains(losses.substring(0, losses.indexOf("Written to")).strip());
    String summary = Outcome.of("study", "summary", tiny.run().toString()).succeeded().out();
    assertThat(summary).contains("8 of 8 runs are complete", "summary.md");
  }

  private void showsTheSameAgainAndOtherPrompts(String shown) {
    Outcome again = demo().succeeded();
    assertThat(again.out()).isEqualTo(shown);
    assertThat(again.err()).doesNotContain("Training", "step 4/8");
    assertThat(demo("--prompt=the age").succeeded().out()).contains("  the age ...");
    demo("--seed=2").failed("the study in " + tiny.run() + " has other settings", "--overwrite");
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
