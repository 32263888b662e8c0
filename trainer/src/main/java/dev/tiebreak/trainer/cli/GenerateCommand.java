package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.generate.Sampler;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.tokenizer.TextStream;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import java.nio.file.Path;
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

  @Mixin private PromptOptions prompts;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--samples",
      defaultValue = "1",
      description = "Completions of each prompt (default: 1).")
  private int samples;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOptions deviceOptions;

  @Override
  int run() {
    Sampling chosen = sampling.sampling();
    Sampler.requireSamples(samples);
    List<String> all = prompts.all();
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
              all.get(prompt), prompt, sample, chosen, token -> write(text.add(token)));
          write(text.finish() + System.lineSeparator());
        }
      }
    }
    return ExitCode.OK;
  }

  /** A person's terminal must not obey control characters that a model makes up; a file may. */
  private void write(String text) {
    terminal().out().print(Terminal.isTerminal() ? Terminal.harmless(text) : text);
    boolean lost = terminal().out().checkError(); // flushes
    Check.user(!lost, "the output was closed before all was written");
  }
}
