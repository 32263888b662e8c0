package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/**
 * The options that decide a {@link TrainConfig}, for every command that needs one: {@code @Mixin
 * private ConfigOptions configOptions}. The arm wins over the file or preset, {@code --set} over
 * the arm, and options of their own over {@code --set}.
 */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = "A TOML file; it may extend a preset.")
  private Path file;

  @Option(
      names = "--preset",
      paramLabel = "<name>",
      description = "One of tiny, quick, shakespeare-char-cpu, gpt2-124m, 1.2b.")
  private String preset;

  @Option(
      names = "--set",
      paramLabel = "<key=value>",
      description = "Change any key, such as optimizer.lr=1e-3. May be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--arm",
      paramLabel = "<arm>",
      description =
          "How the training signal is shaped: baseline, gain, divergence, both, or another of the"
              + " arms, controls and placebos that the README lists. --set can change it.")
  private String arm;

  @Option(
      names = "--text",
      paramLabel = "<text>",
      description =
          "A file, a folder, or jdk for the JDK's own documentation; read in full unless"
              + " data.max_bytes is set. May be repeated.")
  private List<String> texts = new ArrayList<>();

  @Option(
      names = "--tokenizer",
      paramLabel = "<name>",
      description =
          "One of bytes, chars, bpe, bpe:<merges>, gpt2; +end adds a token between documents.")
  private String tokenizer;

  @Option(names = "--steps", paramLabel = "<n>", description = "Optimizer steps.")
  private String steps;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "Decides initial weights, data order and dropout.")
  private String seed;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      description = "Threads that compute; 0 uses every processor.")
  private String threads;

  @Option(names = "--precision", paramLabel = "<which>", description = "f32, or bf16 on a GPU.")
  private String precision;

  /** Whether the user chose a configuration with {@code --config} or {@code --preset}. */
  public boolean isChosen() {
    return file != null || preset != null;
  }

  /** The name of the preset or of the file that was chosen, without an ending. */
  Optional<String> name() {
    return file == null
        ? Optional.ofNullable(preset)
        : Optional.of(file.getFileName().toString().replaceFirst("\\.toml$", ""));
  }

  /**
   * The configuration that the options ask for.
   *
   * @param otherwise a preset's name or a TOML file, where neither {@code --config} nor {@code
   *     --preset} is given
   * @throws dev.tiebreak.trainer.base.UserError in one line if something is wrong with it
   */
  public TrainConfig config(String otherwise) {
    return config(() -> ConfigBuilder.presetOrFile(otherwise));
  }

  /**
   * The same with something else to begin from.
   *
   * @param otherwise what to begin from where neither {@code --config} nor {@code --preset} is
   *     given
   */
  TrainConfig config(Supplier<ConfigBuilder> otherwise) {
    ConfigBuilder builder = base(otherwise);
    if (!texts.isEmpty()) { // a preset's limit suits its own text; --set can limit this one too
      builder.set("data.max_bytes", "0", "--text");
    }
    if (arm != null) {
      builder.arm(Arms.get(arm));
    }
    assignments.forEach(assignment -> builder.set(assignment, "--set"));
    if (!texts.isEmpty()) {
      builder.texts(texts, "--text");
    }
    if (tokenizer != null) {
      TokenizerSpec spec = TokenizerSpec.parse(tokenizer);
      builder.set("data.end_of_text", Boolean.toString(spec.endOfText()), "--tokenizer");
      builder.set("data.tokenizer", spec.kind().label(), "--tokenizer");
      if (spec.kind() == TokenizerSpec.Kind.BPE) {
        builder.set("data.merges", Integer.toString(spec.merges()), "--tokenizer");
      }
    }
    setUnlessNull(builder, "training.steps", steps, "--steps");
    setUnlessNull(builder, "training.seed", seed, "--seed");
    setUnlessNull(builder, "training.threads", threads, "--threads");
    setUnlessNull(builder, "training.precision", precision, "--precision");
    return builder.build();
  }

  private ConfigBuilder base(Supplier<ConfigBuilder> otherwise) {
    Check.user(
        file == null || preset == null,
        "--config and --preset are both given; give one, or write extends = \"%s\" into the file",
        preset);
    if (file != null) {
      return ConfigBuilder.file(file);
    }
    return preset != null ? ConfigBuilder.preset(preset) : otherwise.get();
  }

  private static void setUnlessNull(
      ConfigBuilder builder, String key, String value, String option) {
    if (value != null) {
      builder.set(key, value, option);
    }
  }
}
