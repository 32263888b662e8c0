package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.MemoryInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateCommandTest {
  @TempDir Path folder;

  private static void assertUserError(Cli cli, String message) {
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errLines()).containsExactly("tiebreak: " + message);
    assertThat(cli.out()).isEmpty();
  }

  private static String shown(String... options) {
    String[] args = new String[options.length + 2];
    args[0] = "estimate";
    args[1] = "--show-config";
    System.arraycopy(options, 0, args, 2, options.length);
    Cli cli = Cli.run(args);
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    return cli.out();
  }

  @Test
  void aNamedTextIsReadInFullUnlessALimitIsAskedFor() {
    assertThat(shown("quick")).contains("max_bytes = 8000000");
    assertThat(shown("quick", "--text", "a.txt")).contains("max_bytes = 0");
    assertThat(shown("quick", "--text", "a.txt", "--set", "data.max_bytes=500"))
        .contains("max_bytes = 500");
  }

  @Test
  void theFiguresOfGpt2AreShown() {
    Cli cli = Cli.run("estimate", "gpt2-124m", "--tflops", "100");
    assertThat(cli.code()).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out().lines().map(line -> line.strip().replaceAll(" {2,}", ": ")))
        .contains(
            "vocabulary of 50,257: GPT-2's",
            "Parameters: 124,439,808",
            "token embedding: 38,597,376",
            "position embedding: 786,432",
            "attention: 28,348,416",
            "feed-forward: 56,669,184",
            "norms: 38,400",
            "(the head is the token embedding)",
            "Operations: 8.46 EFLOP",
            "per token: 855 MFLOP",
            "per step: 448 TFLOP",
            "Tokens: 9.89 billion",
            "18,865 steps of 524,288 = 8 x 64 x 1024 (batch, accumulation, sequence length)",
            "79.5 for each parameter",
            "weights: 498 MB",
            "gradients: 498 MB",
            "optimizer: 996 MB",
            "logits: 1.6 GB",
            "Time: 23.5 hours",
            "Disk: 1.5 GB for each checkpoint");
  }

  @Test
  void paddingAndTheSourceOfTheVocabularyAreSaid() {
    assertThat(Cli.run("estimate", "1.2b").out())
        .contains("vocabulary of 50,257: GPT-2's, padded to 50,304\n", "1,198,090,240");
    assertThat(Cli.run("estimate", "tiny").out()).contains("vocabulary of 256: one per byte\n");
    assertThat(Cli.run("estimate", "quick").out())
        .contains("vocabulary of 1,280: 256 bytes and data.merges\n");
    assertThat(Cli.run("estimate", "shakespeare-char-cpu", "--text", "absent.txt").out())
        .contains("vocabulary of 100: assumed, since the text cannot be read: ", "absent.txt");
  }

  @Test
  void aTextIsReadToCountItsCharacters() throws IOException {
    Path text = Files.writeString(folder.resolve("a.txt"), "To be, or not to be");
    assertThat(Cli.run("estimate", "shakespeare-char-cpu", "--text", text.toString()).out())
        .contains("vocabulary of 9: the characters of the text\n"); // T o b e , r n t and space
  }

  @Test
  void aModelThatDoesNotFitIsWarnedAbout() {
    Cli cli = Cli.run("estimate", "1.2b", "--set", "training.batch=1000");
    assertThat(cli.code()).isZero();
    if (MemoryInfo.current().available().isPresent()) {
      assertThat(cli.out()).contains("! this machine has ", "lower training.batch");
    }
    assertThat(Cli.run("estimate", "tiny").out()).doesNotContain("! this machine");
  }

  @Test
  void aMicroBatchOfTooManyTokensIsRefused() {
    assertUserError(
        Cli.run("estimate", "1.2b", "--set", "training.batch=100000"),
        "a micro-batch of 204,800,000 tokens (training.batch x model.sequence_length) is too large"
            + " for any machine; lower training.batch and raise training.accumulation");
  }

  @Test
  void theConfigurationCanBeShownWhole() throws IOException {
    String toml = shown("quick", "--set", "optimizer.lr=0.5");
    Path file = Files.writeString(folder.resolve("my.toml"), toml);
    TrainConfig config = ConfigBuilder.read(file);
    assertThat(config).isEqualTo(ConfigBuilder.preset("quick").set("optimizer.lr=0.5").build());
    assertThat(shown(file.toString())).isEqualTo(toml);
    assertThat(shown("--config", file.toString())).isEqualTo(toml);
    assertThat(shown()).isEqualTo(shown("--preset", "quick"));
  }

  @Test
  void everySharedOptionChangesItsKeys() {
    String toml =
        shown(
            "--preset=tiny",
            "--set=training.steps=5",
            "--set=model.bias=true",
            "--arm=both",
            "--text=a b.txt",
            "--text=c",
            "--tokenizer=bpe:77",
            "--steps=6",
            "--seed=-7",
            "--threads=3");
    assertThat(toml)
        .contains("steps = 6\n", "bias = true\n", "seed = -7\n")
        .contains("formula = \"1 + s * (l - m) / (v + eps)\"\n")
        .contains("kind = \"divergence\"\n", "text = [\"a b.txt\", \"c\"]\n", "threads = 3\n")
        .contains("tokenizer = \"bpe\"\nmerges = 77\n");
    assertThat(shown("--tokenizer=gpt2")).contains("tokenizer = \"gpt2\"\nmerges = 1024\n");
    for (String arm : Arms.names()) {
      assertThat(shown("tiny", "--arm", arm, "--set", "gain.reference=r"))
          .isEqualTo(
              ConfigBuilder.preset("tiny")
                  .set("gain.reference=r")
                  .arm(Arms.get(arm))
                  .build()
                  .toToml());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --steps=many        | training.steps is "many" (--steps); it must be a whole number
          --steps=0           | training.steps is 0 (--steps); it must be a whole number, 1 or more
          --seed=x            | training.seed is "x" (--seed); it must be a whole number
          --threads=-2        | training.threads is -2 (--threads); it must be a whole number from 0 to 1024
          --tokenizer=words   | unknown tokenizer 'words'; use bytes, chars, bpe, bpe:<merges> or gpt2
          --set=model.layer=3 | unknown key model.layer (--set); did you mean model.layers?
          --preset=big        | no preset 'big'; presets are tiny, quick, shakespeare-char-cpu, gpt2-124m, 1.2b
          --tflops=0          | --tflops is 0.0; it must be a number above 0
          --tflops=nan        | Invalid value for option '--tflops': 'nan' is not a double (see tiebreak estimate --help)
          --steps             | Missing required parameter for option '--steps' (<n>) (see tiebreak estimate --help)
          """)
  void aWrongOptionIsAnsweredInOneLine(String option, String message) {
    assertUserError(Cli.run("estimate", option), message);
  }

  @Test
  void anUnknownArmIsAnsweredWithTheKnownOnes() {
    String known = "arms are " + String.join(", ", Arms.names());
    assertUserError(
        Cli.run("estimate", "--arm=bolth"), "no arm 'bolth'; did you mean both? " + known);
    assertUserError(Cli.run("estimate", "--arm=xylophone"), "no arm 'xylophone'; " + known);
  }

  @Test
  void aKeyWinsOverTheArmAndTheArmOverTheFile() throws IOException {
    Path file = folder.resolve("shaped.toml");
    Files.writeString(file, "extends = \"tiny\"\n[gain]\nkind = \"precision\"\n");
    assertThat(shown(file.toString(), "--arm=baseline")).isEqualTo(shown("tiny"));
    assertThat(shown("tiny", "--arm=half-tokens")).contains("steps = 30\n");
    assertThat(shown("tiny", "--arm=half-tokens", "--steps=50")).contains("steps = 50\n");
    assertThat(shown("tiny", "--set=layer_scaling.target=gradient", "--arm=divergence-update"))
        .contains("target = \"gradient\"\n", "kind = \"divergence\"\n");
  }

  @Test
  void twoConfigurationsAreRefused() {
    assertUserError(
        Cli.run("estimate", "quick", "--preset", "tiny"),
        "a configuration is given twice, as 'quick' and by --config or --preset; give one");
    assertUserError(
        Cli.run("estimate", "--config", "a.toml", "--preset", "tiny"),
        "--config and --preset are both given; give one, or write extends = \"tiny\" into the"
            + " file");
  }

  @Test
  void aMissingFileIsNamed() {
    Path absent = folder.resolve("absent.toml");
    assertUserError(
        Cli.run("estimate", absent.toString()),
        "cannot read the configuration " + absent + ": no such file or folder; check the path");
  }
}
