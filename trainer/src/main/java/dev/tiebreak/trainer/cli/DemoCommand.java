package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.estimate.Room;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyTemplate;
import dev.tiebreak.trainer.study.demo.DemoReport;
import dev.tiebreak.trainer.study.demo.DemoStudy;
import dev.tiebreak.trainer.study.demo.PairedSamples;
import dev.tiebreak.trainer.study.results.StudyResults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak demo}: a small study from beginning to end, without judges. */
@Command(
    name = "demo",
    description = {
      "A small study on real text: four ways to shape the training signal, two seeds each, every"
          + " seed's models from the same weights and in the same order. Draws validation curves,"
          + " prints what twins write for the same prompts, and says whether losses tie. A few"
          + " minutes on two cores."
    },
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
      description =
          "What twins continue; may be repeated. By default four that suit the JDK's text.")
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
      Room.require(
          config, data.manifest().vocabulary(), parallelism.device(), parallelism.atOnce());
      Study study = DemoStudy.make(folder, config, overwrite);
      if (!StudyResults.read(study).missing().isEmpty()) {
        StudyTraining training = train(study, data, parallelism);
        if (training.complete() < training.ends().size()) {
          terminal().say("Stopped. Go on with: " + again());
          return training.signal();
        }
      }
      terminal().out().print(DemoReport.write(study, asked, terminal().width()));
    }
    return ExitCode.OK;
  }

  private StudyTraining train(Study study, Dataset data, Parallelism parallelism) {
    List<RunId> runs = study.plan().runs();
    study.requireRunnable(true); // the demo shows how; it claims nothing
    String text =
        Words.of(
            "Training %d models, %d at once: %s; seeds %s",
            runs.size(),
            parallelism.atMost(runs.size()).atOnce(),
            join(study.plan().arms()),
            join(study.plan().seeds()));
    terminal().say(terminal().styled(Terminal.Style.BOLD, text));
    StudyTraining training = StudyTraining.run(terminal(), study, data, runs, parallelism);
    for (RunEnd end : training.ends()) {
      Check.user(end.kind() != RunEnd.Kind.FAILED, "%s", end.reason());
    }
    for (RunEnd end : training.ends()) {
      Check.user(
          end.kind() != RunEnd.Kind.ELSEWHERE,
          "another process trains %s of %s; wait for it, or choose another folder with --run",
          end.run(),
          study.folder().path());
    }
    return training;
  }

  private static String join(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** The same command line, for a shell, but for what would throw the runs away. */
  private String again() {
    return spec().root().commandLine().getParseResult().originalArgs().stream()
        .filter(argument -> !argument.startsWith("--overwrite"))
        .map(Shell::word)
        .collect(Collectors.joining(" ", "tiebreak ", ""));
  }
}
