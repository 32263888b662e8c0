package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.estimate.Room;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyTemplate;
import dev.tiebreak.trainer.study.demo.DemoReport;
import dev.tiebreak.trainer.study.demo.DemoStudy;
import dev.tiebreak.trainer.study.demo.PairedSamples;
import dev.tiebreak.trainer.study.results.StudyResults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak demo}: a small study from beginning to end, without judges. */
@Command(
    name = "demo",
    description =
        "A small study on real text: four ways to shape the training signal, two seeds each, every"
            + " seed's models from the same weights and in the same order. Draws validation curves,"
            + " prints what twins write, and says whether losses tie. A few minutes on two cores.",
    footer = {
      "  tiebreak demo                                    on the JDK's own documentation",
      "  tiebreak demo --text book.txt --run runs/book --prompt \"It was\"",
      "  tiebreak demo --steps 100                        less than a minute, to see how it goes",
      "  tiebreak demo --overwrite                        train all of them again"
    })
final class DemoCommand extends Action {
  @Mixin private ConfigOptions configOptions;

  @Mixin private RunOption runOption;

  @Option(names = "--overwrite", description = "Replace the study in the folder, and its runs.")
  private boolean overwrite;

  @Option(
      names = "--prompt",
      paramLabel = "<text>",
      description = "What twins continue; may be repeated (default: four about Java).")
  private List<String> prompts = new ArrayList<>();

  @Mixin private CacheOption cacheOption;

  @Override
  int run() {
    Check.user(
        !spec().commandLine().getParseResult().hasMatchedOption("--arm"),
        "the demo always trains the same four arms; leave out --arm, or use tiebreak train");
    TrainConfig config = configOptions.config(StudyTemplate.DEMO::base);
    Path folder = runOption.folder().orElse(Path.of("runs", "demo"));
    List<String> asked = prompts.isEmpty() ? PairedSamples.PROMPTS : prompts;
    try (Dataset data = PreparedText.open(config.data(), cacheOption.folder(), this::status)) {
      asked.forEach(prompt -> Generator.check(data.tokenizer(), prompt));
      Parallelism parallelism = Parallelism.usual(Device.cpu(), config.training());
      Room.require(config, data.manifest().vocabulary(), parallelism);
      Study study = DemoStudy.make(folder, config, overwrite);
      if (!StudyResults.read(study).missing().isEmpty()) {
        study.requireRunnable(true); // the demo shows how; it claims nothing
        StudyTraining training =
            StudyTraining.run(terminal(), study, data, study.plan().runs(), parallelism);
        training.requireTrained();
        if (training.isStopped()) {
          terminal().say("Stopped. Go on with: " + commandLineWithout("--overwrite"));
          return training.signal();
        }
      }
      terminal().out().print(DemoReport.write(study, asked, terminal().width()));
    }
    return ExitCode.OK;
  }
}
