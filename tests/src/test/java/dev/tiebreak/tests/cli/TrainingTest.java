package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.cli.Main;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a text to a trained model to new text. */
@Tag("slow")
class TrainingTest {
  @TempDir Path folder;

  private TinyTraining tiny;

  @BeforeEach
  void begin() {
    tiny = new TinyTraining(folder);
  }

  private JsonNode json(String file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(tiny.run().resolve(file)));
  }

  @ParameterizedTest
  @CsvSource({"bytes, 256", "chars, 31", "bpe:60, 316", "gpt2, 50257"})
  void aTextIsTrainedOnAndContinuedWithEveryTokenizer(String tokenizer, int vocabulary)
      throws IOException {
    Outcome trained =
        tiny.train("--tokenizer=" + tokenizer, "--steps=4", "--set=training.batch=2").succeeded();
    assertThat(trained.out())
        .contains("Validation loss", "4 steps", "checkpoints/step-0000004", "tiebreak generate");
    assertThat(trained.err())
        .contains("Training the baseline in " + tiny.run(), "(" + tokenizer + ")", "step 4/4");
    assertThat(json("manifest.json").at("/data/vocabulary").asInt()).isEqualTo(vocabulary);
    assertThat(json("summary.json").get("val_loss").asDouble())
        .isBetween(0.5, Math.log(vocabulary) + 0.5);
    assertThat(tiny.run()).isDirectoryContaining("glob:**.toml");

    String text = tiny.generate("--prompt=it was", "--tokens=8").succeeded().out();
    assertThat(text).startsWith("it was").endsWith("\n").hasSizeGreaterThan("it was\n".length());
    tiny.resume().succeeded();
    assertThat(tiny.generate("--prompt=it was", "--tokens=8").succeeded().out()).isEqualTo(text);
  }

  @Test
  void severalPromptsAndSamplesComeInOrder() {
    tiny.train().succeeded();
    Path file = tiny.write("prompts.txt", "from a file\n\n  \nÇa \n");
    String[] all = {"--prompt=it", "--prompt=was", "--prompts=" + file, "--samples=2", "--seed=5"};
    String text = tiny.generate(all).succeeded().out();
    List<String> prompts = List.of("it", "it", "was", "was", "from a file", "from a file", "Ça ");
    int at = 0;
    for (String prompt : prompts) {
      assertThat(text.indexOf(prompt, at)).as(prompt).isNotNegative();
      at = text.indexOf(prompt, at) + prompt.length();
    }
    assertThat(tiny.generate(all).out()).as("the same seed").isEqualTo(text);
    assertThat(tiny.generate("--prompt=it", "--samples=2", "--seed=5").out())
        .as("more prompts change nothing before them")
        .isEqualTo(text.substring(0, text.indexOf("\n\nwas") + 1));
    all[4] = "--seed=6";
    assertThat(tiny.generate(all).out()).as("another seed").isNotEqualTo(text);
  }

  @Test
  void theLikeliestTokensDoNotDependOnTheSeed() {
    tiny.train().succeeded();
    String greedy = tiny.generate("--prompt=it", "--temperature=0").succeeded().out();
    assertThat(tiny.generate("--prompt=it", "--temperature=0", "--seed=9").out()).isEqualTo(greedy);
    assertThat(tiny.generate("--prompt=it", "--top-k=1", "--seed=9").out()).isEqualTo(greedy);
    assertThat(tiny.generate("--prompt=it", "--top-p=1e-9").out()).isEqualTo(greedy);
    assertThat(tiny.generate("--prompt=it", "--temperature=2").out()).isNotEqualTo(greedy);
  }

  @Test
  void equalCommandsGiveEqualBytesAndTheArmsOtherWeights() throws IOException {
    tiny.train().succeeded();
    Path other = folder.resolve("other");
    for (String arm : List.of("baseline", "gain", "divergence", "both")) {
      Outcome.of(tiny.command("train", other, "--arm=" + arm, "--overwrite")).succeeded();
      byte[] weights = Files.readAllBytes(Runs.weights(other, 8));
      byte[] baseline = Files.readAllBytes(Runs.weights(tiny.run(), 8));
      if (arm.equals("baseline")) {
        assertThat(weights).isEqualTo(baseline);
      } else {
        assertThat(weights).as(arm).hasSameSizeAs(baseline).isNotEqualTo(baseline);
      }
    }
  }

  @Test
  void aClosedOutputEndsGenerationInsteadOfWritingOn() {
    tiny.train().succeeded();
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    StringWriter err = new StringWriter();
    String[] args = {"generate", "--run=" + tiny.run(), "--prompt=it", "--tokens=1000000"};
    int code =
        Main.run(
            new PrintWriter(closed, false, StandardCharsets.UTF_8), new PrintWriter(err), args);
    new Outcome(code, "", err.toString())
        .failedAtOnce("the output was closed before all was written");
  }
}
