package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.lab.review.ExaminationText;
import dev.tiebreak.trainer.lab.review.RunExamination;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak examine}: what can be said about a trained model beyond its loss. */
@Command(
    name = "examine",
    description = {
      "Runs a trained model over its validation tokens and shows how it predicts: loss, entropy,"
          + " the temperature that would suit it best, calibration, losses of rare and of difficult"
          + " tokens. With a second run, also how far apart the two models are."
    },
    footer = {
      "  tiebreak examine --run runs/demo/both",
      "  tiebreak examine --run runs/demo/both --against runs/demo/baseline",
      "  tiebreak examine --run runs/x --json x.json            the same as JSON, in a file"
    })
final class ExamineCommand extends Action {
  @Option(
      names = "--run",
      required = true,
      paramLabel = "<folder>",
      description = "The run folder of the model.")
  private Path run;

  @Option(
      names = "--against",
      paramLabel = "<folder>",
      description = "Another run on the same text, such as its twin.")
  private Path against;

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Also write the numbers to a file, as JSON; otherwise nothing is written.")
  private Path json;

  @Mixin private ThreadsOption threads;

  @Mixin private CacheOption cacheOption;

  @Mixin private DeviceOptions deviceOptions;

  @Override
  int run() {
    ExaminationText found;
    Path cache = cacheOption.folder();
    try (Backend backend = deviceOptions.device().open(threads.count())) {
      found =
          against == null
              ? ExaminationText.of(RunExamination.of(run, cache, backend, this::status))
              : ExaminationText.of(RunExamination.of(run, against, cache, backend, this::status));
    }
    terminal().out().print(found.toText());
    if (json != null) {
      found.save(json);
    }
    return ExitCode.OK;
  }
}
