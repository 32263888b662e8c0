package dev.tiebreak.trainer.lab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigErrorsTest {
  @TempDir Path folder;

  private static void assertError(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(UserError.class).hasMessage(message);
  }

  private static void assertSetFails(String assignment, String message) {
    assertError(() -> ConfigBuilder.preset("quick").set(assignment, "--set").build(), message);
  }

  private Path write(String toml) throws IOException {
    return Files.writeString(folder.resolve("my.toml"), toml);
  }

  private void assertFileFails(String toml, String message) throws IOException {
    Path file = write(toml);
    assertError(() -> ConfigBuilder.file(file).build(), message.replace("FILE", file.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.layers=0           | model.layers is 0 | a whole number from 1 to 10000
          model.heads=3            | model.heads is 3 | a divisor of model.channels, which is 128
          model.heads=-1           | model.heads is -1 | a whole number from 1 to 1048576
          model.kv_heads=3         | model.kv_heads is 3 | a divisor of model.heads, which is 4
          model.kv_heads=-4        | model.kv_heads is -4 | a whole number from 0 to 1048576
          model.channels=0         | model.channels is 0 | a whole number from 1 to 1048576
          model.hidden=-1          | model.hidden is -1 | a whole number from 0 to 1048576
          model.sequence_length=0  | model.sequence_length is 0 | a whole number from 1 to 1048576
          model.positions=absolute | model.positions is "absolute" | "learned" or "rope"
          model.norm=none          | model.norm is "none" | "layer" or "rms"
          model.activation=relu    | model.activation is "relu" | "gelu", "gelu_erf" or "swiglu"
          model.activation=GELU    | model.activation is "GELU" | "gelu", "gelu_erf" or "swiglu"
          model.tied_head=yes      | model.tied_head is "yes" | true or false
          model.dropout=1          | model.dropout is 1.0 | a number from 0 up to, not including, 1
          model.dropout=nan        | model.dropout is nan | a number from 0 up to, not including, 1
          model.rope_theta=0       | model.rope_theta is 0.0 | a number above 0
          model.norm_epsilon=-1e-5 | model.norm_epsilon is -1e-5 | a number above 0
          model.pad_vocabulary=0   | model.pad_vocabulary is 0 | a whole number from 1 to 1048576
          data.text=[]             | data.text is [] | a list of files, folders or "jdk", at least one
          data.text=[1, "a"]       | data.text is [1, "a"] | a text in quotes or a list of them in [ ]
          data.text=7              | data.text is 7 | a text in quotes or a list of them in [ ]
          data.tokenizer=word      | data.tokenizer is "word" | "bytes", "chars", "bpe" or "gpt2"
          data.merges=0            | data.merges is 0 | a whole number from 1 to 1000000
          data.validation_fraction=1 | data.validation_fraction is 1.0 | a number between 0 and 1
          data.validation_fraction=0 | data.validation_fraction is 0.0 | a number between 0 and 1
          data.max_bytes=-1        | data.max_bytes is -1 | a whole number, 0 or more
          training.steps=0         | training.steps is 0 | a whole number, 1 or more
          training.steps=1e3       | training.steps is 1000.0 | a whole number
          training.steps=3000000000 | training.steps is 3000000000 | at most 2147483647
          training.seed=99999999999999999999 | training.seed is 99999999999999999999 | at most 9223372036854775807
          training.seed="1"        | training.seed is "1" | a whole number
          training.batch=0         | training.batch is 0 | a whole number, 1 or more
          training.accumulation=0  | training.accumulation is 0 | a whole number, 1 or more
          training.threads=-1      | training.threads is -1 | a whole number from 0 to 1024
          optimizer.lr=0           | optimizer.lr is 0.0 | a number above 0
          optimizer.lr=inf         | optimizer.lr is inf | a number above 0
          optimizer.lr=fast        | optimizer.lr is "fast" | a number
          optimizer.lr=            | optimizer.lr is "" | a number
          optimizer.lr=[1e-3]      | optimizer.lr is [0.001] | a number
          optimizer.min_lr=1       | optimizer.min_lr is 1.0 | a number from 0 to optimizer.lr, which is 0.003
          optimizer.warmup=-1      | optimizer.warmup is -1 | a whole number, 0 or more
          optimizer.schedule=step  | optimizer.schedule is "step" | "cosine", "wsd" or "constant"
          optimizer.decay_fraction=0 | optimizer.decay_fraction is 0.0 | a number above 0, at most 1
          optimizer.beta1=1        | optimizer.beta1 is 1.0 | a number from 0 up to, not including, 1
          optimizer.beta2=-0.1     | optimizer.beta2 is -0.1 | a number from 0 up to, not including, 1
          optimizer.epsilon=0      | optimizer.epsilon is 0.0 | a number above 0
          optimizer.weight_decay=-1 | optimizer.weight_decay is -1.0 | a number, 0 or more
          optimizer.clip=-1        | optimizer.clip is -1.0 | a number, 0 or more
          evaluation.every=0       | evaluation.every is 0 | a whole number, 1 or more
          evaluation.batches=0     | evaluation.batches is 0 | a whole number, 1 or more
          checkpoint.every=-1      | checkpoint.every is -1 | a whole number, 0 or more
          checkpoint.keep=0        | checkpoint.keep is 0 | a whole number, 1 or more
          logging.every=0          | logging.every is 0 | a whole number, 1 or more
          logging.gradient_cosine_every=-1 | logging.gradient_cosine_every is -1 | a whole number, 0 or more
          abort.weight=0           | abort.weight is 0.0 | a number above 0, or inf for no limit
          abort.variance=-1        | abort.variance is -1.0 | a number, 0 or more
          gain.formula=true        | gain.formula is true | a text in quotes
          gain.objective=[1]       | gain.objective is [1] | a text in quotes
          gain.formula=1 + s * x   | gain.formula is "1 + s * x" | a formula; column 9: no name x; names are l, p, m, v, sigma, H, V, u, r, s, eps, n; did you mean l?
          gain.formula=1 + s * sgima | gain.formula is "1 + s * sgima" | a formula; column 9: no name sgima; names are l, p, m, v, sigma, H, V, u, r, s, eps, n; did you mean sigma?
          gain.formula=sofmax(l)   | gain.formula is "sofmax(l)" | a formula; column 1: no function sofmax; functions are pow, exp, log, sqrt, sigmoid, abs, min, max, clamp, mean, normalise, softmax, top, rank, shuffle; did you mean softmax?
          gain.formula=l / m       | gain.formula is "l / m" | a formula; column 5: a divisor that can be 0; add eps to it, or use max(x, 1e-6) or normalise(x)
          gain.through=1           | gain.through is 1 | true or false
          gain.s=nan               | gain.s is nan | a number
          gain.warmup=-1           | gain.warmup is -1 | a whole number, 0 or more
          gain.floor=-1            | gain.floor is -1.0 | a number, 0 or more
          gain.clamp=[2, 1]        | gain.clamp is [2.0, 1.0] | two numbers, the smaller first and the larger above 0, or [] for no limits
          gain.clamp=[0, 1, 2]     | gain.clamp is [0.0, 1.0, 2.0] | two numbers, the smaller first and the larger above 0, or [] for no limits
          gain.clamp=5             | gain.clamp is 5 | a list of numbers in [ ]
          gain.clamp=["a", 5]      | gain.clamp is ["a", 5] | a list of numbers in [ ]
          gain.scope=batch         | gain.scope is "batch" | "micro", "step" or "running"
          gain.reference=3         | gain.reference is 3 | a text in quotes
          gain.epsilon=-1          | gain.epsilon is -1.0 | a number, 0 or more
          abort.factor=0           | abort.factor is 0.0 | a number above 0, or inf for no limit
          layer_scaling.kind=lars  | layer_scaling.kind is "lars" | "none", "divergence", "block_influence" or "gradient_norm"
          layer_scaling.target=weights | layer_scaling.target is "weights" | "gradient" or "update"
          layer_scaling.clip=never | layer_scaling.clip is "never" | "after" or "before"
          layer_scaling.cap=0.5    | layer_scaling.cap is 0.5 | 1 or more, as factors of mean 1 cannot all be below 1; or set renormalise = false
          layer_scaling.cap=0      | layer_scaling.cap is 0.0 | a number above 0, or inf for no cap
          """)
  void aWrongValueIsNamedWithWhatIsAllowed(String assignment, String problem, String allowed) {
    assertSetFails(assignment, problem + " (--set); it must be " + allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          top-k | s=1.5 | gain.formula is "normalise(top(l, s))" | a formula; column 18: a share of tokens that is not a number above 0 and at most 1
          top-k | s=0 | gain.formula is "normalise(top(l, s))" | a formula; column 18: a share of tokens that is not a number above 0 and at most 1
          power | s=-1 | gain.formula is "normalise(normalise(l) ^ s)" | a formula; column 11: a power of -1.0 of what can be 0; use max(x, 1e-6)
          constant-gain | s=0 | gain.formula is "s" | above 0 for some token; with gain.s = 0.0 it is 0.0
          constant-gain | renormalise=true | gain.renormalise is true | false, as every token weighs 1.1 and would weigh 1
          constant-gain | s=9 clamp=[0,5] | gain.clamp is [0.0, 5.0] | around 9.0, as every token weighs 9.0
          label-smoothing | s=1.5 | gain.objective is "(1 - s) * l + s * u" | a loss: one that depends on the token and cannot fall without end, which it can with gain.s = 1.5
          excess-surprisal | through=true | gain.through is true | without a gradient through V, which has none
          rho | s=0.5 | gain.reference is "" | the folder of a trained run, whose losses are r of the formula
          """)
  void whatAGainCannotBeCombinedWithIsNamed(
      String arm, String settings, String problem, String allowed) {
    ConfigBuilder builder = ConfigBuilder.preset("tiny").arm(Arms.get(arm));
    for (String setting : settings.split(" ")) {
      builder.set("gain." + setting);
    }
    assertThatThrownBy(builder::build)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(problem)
        .hasMessageEndingWith("; it must be " + allowed);
  }

  @Test
  void headsThatRopeCannotRotateAreNamed() {
    assertError(
        () ->
            ConfigBuilder.preset("quick")
                .set("model.positions=rope")
                .set("model.heads=128")
                .set("model.kv_heads=128")
                .build(),
        "model.heads is 128 (assignment); it must be such that model.channels / model.heads is even"
            + " where model.positions is \"rope\"");
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownOne() throws IOException {
    assertSetFails(
        "optimizer.learning_rate=1",
        "unknown key optimizer.learning_rate (--set); known are optimizer.lr, optimizer.min_lr,"
            + " optimizer.warmup, optimizer.schedule, optimizer.decay_fraction, optimizer.beta1,"
            + " optimizer.beta2, optimizer.epsilon, optimizer.weight_decay, optimizer.clip");
    assertSetFails("lr=1e-3", "unknown key lr (--set); did you mean optimizer.lr?");
    assertFileFails(
        "[model]\nlayer = 3\n", "unknown key model.layer (FILE); did you mean model.layers?");
    assertFileFails("steps = 3\n", "unknown key steps (FILE); did you mean training.steps?");
    assertFileFails(
        "[optimiser]\nlr = 3\n", "unknown section optimiser (FILE); did you mean optimizer?");
    assertFileFails(
        "[judge]\nlr = 3\n",
        "unknown section judge (FILE); known are [model], [data], [training], [optimizer],"
            + " [evaluation], [checkpoint], [logging], [gain], [layer_scaling], [abort]");
  }

  @Test
  void aWrongValueIsBlamedOnTheFileThatHoldsIt() throws IOException {
    assertFileFails(
        "extends = \"quick\"\n[optimizer]\nlr = \"high\"\n",
        "optimizer.lr is \"high\" (FILE); it must be a number");
    assertFileFails(
        "[optimizer]\nschedule = \"wsd\"\nwarmup = 2000\n",
        "optimizer.warmup is 2000 (FILE); it must be at most training.steps, which is 1000");
    assertFileFails(
        "[optimizer.lr]\nhigh = 1\n", "optimizer.lr is {\"high\":1} (FILE); it must be a number");
  }

  @Test
  void textThatIsNotTomlIsReportedWithItsLine() throws IOException {
    Path file = write("[model]\nlayers = 3\nheads == 4\n");
    assertThatThrownBy(() -> ConfigBuilder.file(file))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ", near line 3: ")
        .hasMessageEndingWith("; correct the TOML there");
    Path twice = write("[model]\nlayers = 3\nlayers = 4\n");
    assertThatThrownBy(() -> ConfigBuilder.file(twice))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(twice + ", near line 4: Duplicate key");
  }

  @Test
  void aFileThatCannotBeReadIsReported() throws IOException {
    Path absent = folder.resolve("absent.toml");
    assertError(
        () -> ConfigBuilder.file(absent),
        "cannot read the configuration " + absent + ": no such file or folder; check the path");
    Path latin = folder.resolve("latin.toml");
    Files.write(latin, "# für\n".getBytes(StandardCharsets.ISO_8859_1));
    assertError(
        () -> ConfigBuilder.file(latin),
        "the configuration " + latin + " is not UTF-8 text; save it as UTF-8");
    assertThatThrownBy(() -> ConfigBuilder.file(folder))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("cannot read the configuration " + folder + ": ");
  }

  @Test
  void aWrongBaseIsReported() throws IOException {
    assertFileFails(
        "extends = \"shakespear-char-cpu\"\n",
        "extends in FILE: no preset 'shakespear-char-cpu'; did you mean shakespeare-char-cpu?"
            + " presets are tiny, quick, shakespeare-char-cpu, gpt2-124m, 1.2b");
    assertFileFails(
        "extends = 3\n",
        "extends in FILE must be the name of a preset in quotes, such as \"quick\"");
  }

  @Test
  void anAssignmentWithoutAKeyOrAnEqualsSignIsRefused() {
    for (String wrong : new String[] {"optimizer.lr", "=3", ""}) {
      assertSetFails(
          wrong, "--set needs section.key=value, such as optimizer.lr=1e-3, not '" + wrong + "'");
    }
  }

  @Test
  void everyMessageIsOneLine() throws IOException {
    Path file = write("[model]\nlayers = \"\"\"a\nb\"\"\"\n");
    assertThatThrownBy(() -> ConfigBuilder.read(file))
        .isInstanceOf(UserError.class)
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("\n"));
  }
}
