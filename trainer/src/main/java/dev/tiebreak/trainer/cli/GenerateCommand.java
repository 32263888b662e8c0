package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.generate.PromptLines;
import dev.tiebreak.trainer.lab.generate.Sampler;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.tokenizer.TextStream;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak generate}: continues prompts with a trained model. */
@Command(
    name = "generate",
    description = "Continues prompts with a trained model, token by token as they are chosen.",
    footer = {
      "  tiebreak generate --run runs/demo/runs/both/seed-1 --prompt \"The method returns\"",
      "  tiebreak generate --run runs/x --prompt \"Once\" --prompt \"Never\" --samples 2 --seed 7",
      "  tiebreak generate --run runs/x --prompts prompts.txt --temperature 0.6 --top-p 0.9"
    })
final class GenerateCommand extends Action {
  @Option(
      names = "--run",
      required = true,
      paramLabel = "<folder>",
      description = "The run folder of the model.")
  private Path run;

  @Option(
      names = "--prompt",
      paramLabel = "<text>",
      description = "A text to continue; may be given several times.")
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = "--prompts",
      paramLabel = "<file>",
      description = "A file with one prompt per line; empty lines are left out.")
  private Path promptFile;

  @Option(
      names = "--temperature",
      defaultValue = "0.8",
      description = "0 takes the likeliest token (default: 0.8).")
  private double temperature;

  @Option(
      names = "--top-k",
      defaultValue = "0",
      description = "Only the k likeliest; 0 for all (default: 0).")
  private int topK;

  @Option(
      names = "--top-p",
      defaultValue = "0.95",
      description = "Only the likeliest that reach this probability (default: 0.95).")
  private double topP;

  @Option(names = "--tokens", defaultValue = "128", description = "New tokens (default: 128).")
  private int tokens;

  @Option(
      names = "--samples",
      defaultValue = "1",
      description = "Completions of each prompt (default: 1).")
  private int samples;

  @Option(names = "--seed", defaultValue = "1", description = "Of the random numbers (default: 1).")
  private long seed;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOptions deviceOptions;

  @Override
  int run() {
    Sampling sampling = new Sampling(temperature, topK, topP, tokens, seed);
    UserError.require(
        samples >= 1 && samples <= Sampler.MOST_SAMPLES,
        "samples",
        samples,
        "from 1 to " + Sampler.MOST_SAMPLES);
    List<String> all = allPrompts();
    try (Backend backend = deviceOptions.device().open(threads.count());
        LoadedModel loaded = LoadedModel.open(run, backend);
        Generator generator = new Generator(loaded.model(), loaded.tokenizer())) {
      all.forEach(prompt -> Generator.check(loaded.tokenizer(), prompt));
      for (int prompt = 0; prompt < all.size(); prompt++) {
        for (int sample = 0; sample < samples; sample++) {
          if (prompt > 0 || sample > 0) {
            print("%n");
          }
          write(all.get(prompt));
          TextStream text = new TextStream(loaded.tokenizer());
          generator.complete(
              all.get(prompt), prompt, sample, sampling, token -> write(text.add(token)));
          write(text.finish() + System.lineSeparator());
        }
      }
    }
    return ExitCode.OK;
  }

  private List<String> allPrompts() {
    List<String> all = new ArrayList<>(prompts);
    if (promptFile != null) {
      all.addAll(PromptLines.read(promptFile));
    }
    Check.user(
        !all.isEmpty(), "nothing to continue; give --prompt \"some text\" or --prompts <file>");
    return all;
  }

  /** A person's terminal must not obey control characters that a model makes up; a file may. */
  private void write(String text) {
    terminal().out().print(Terminal.isTerminal() ? Terminal.harmless(text) : text);
    boolean lost = terminal().out().checkError(); // flushes
    Check.user(!lost, "the output was closed before all was written");
  }
}
