package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyRunner;
import dev.tiebreak.trainer.study.StudyTemplate;
import dev.tiebreak.trainer.study.demo.DemoReport;
import dev.tiebreak.trainer.study.demo.DemoStudy;
import dev.tiebreak.trainer.study.demo.PairedSamples;
import dev.tiebreak.trainer.study.results.LossAnalysis;
import dev.tiebreak.trainer.study.results.LossFiles;
import dev.tiebreak.trainer.study.results.StudyResults;
import dev.tiebreak.trainer.study.results.SummaryFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak demo}: a small study from beginning to end, without judges. */
@Command(
    name = "demo",
    description = {
      "A small study on real text: four ways to shape the training signal, two seeds each, every"
          + " seed's models from the same weights and in the same order. Draws validation curves,"
          + " prints what twins write for the same prompts, and says whether losses tie. A few"
          + " minutes on two cores."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak demo                                    on the JDK's own documentation",
      "  tiebreak demo --text book.txt --run runs/book --prompt \"It was\"",
      "  tiebreak demo --steps 100                        less than a minute, to see how it goes",
      "  tiebreak demo --overwrite                        train all of them again"
    })
final class DemoCommand implements Callable<Integer> {
  private static final double TEMPERATURE = 0.6; // models this small ramble above it
  private static final double TOP_P = 0.95;
  private static final int TOKENS = 48;

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

  @Spec private CommandSpec spec;

  private Terminal terminal;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    if (spec.commandLine().getParseResult().hasMatchedOption("--arm")) {
      throw new UserError(
          "the demo always trains the same four arms; leave out --arm, or use tiebreak train");
    }
    TrainConfig config = configOptions.config(StudyTemplate.DEMO::base);
    Path folder = runOption.folder().orElse(Path.of("runs", "demo"));
    List<String> asked = prompts.isEmpty() ? PairedSamples.PROMPTS : prompts;
    try (Dataset data =
        PreparedText.open(
            config.data(), cacheOption.folder(), status -> terminal.say(status + " ..."))) {
      asked.forEach(prompt -> Generator.check(data.tokenizer(), prompt));
      int processors = Runtime.getRuntime().availableProcessors();
      int atOnce = Math.max(1, processors / config.training().threadCount());
      MemoryCheck.requireRoom(config, data.manifest().vocabulary(), Device.cpu(), atOnce);
      Study study = DemoStudy.make(folder, config, overwrite);
      int exit = train(study, data, atOnce);
      if (exit == ExitCode.OK) {
        report(study, asked);
      }
      return exit;
    }
  }

  private int train(Study study, Dataset data, int atOnce) {
    List<RunId> runs = study.plan().runs();
    if (StudyResults.read(study).missing().isEmpty()) {
      return ExitCode.OK;
    }
    study.requireRunnable(true); // the demo shows how; it claims nothing
    terminal.say(
        terminal.styled(
            Terminal.Style.BOLD,
            Words.of(
                "Training %d models, %d at once: %s; seeds %s",
                runs.size(),
                Math.min(atOnce, runs.size()),
                join(study.plan().arms()),
                join(study.plan().seeds()))));
    StudyProgress progress =
        new StudyProgress(
            terminal, TrainProgress.widthOf(terminal), study.folder(), study.plan(), runs);
    StudyRunner runner = new StudyRunner(study, data, Device.cpu(), progress);
    Runnable stop =
        () -> {
          runner.requestStop();
          progress.note("stopping after these steps, with checkpoints");
        };
    try (StopSignals signals = StopSignals.listen(stop)) {
      List<RunEnd> ends = runner.run(runs, atOnce);
      progress.finish();
      for (RunEnd end : ends) {
        if (end.kind() == RunEnd.Kind.FAILED) {
          throw new UserError(end.reason());
        }
        if (end.kind() == RunEnd.Kind.ELSEWHERE) {
          throw new UserError(
              Words.of(
                  "another process trains %s of %s; wait for it, or choose another folder with --run",
                  end.run(), study.folder().path()));
        }
      }
      if (!ends.stream().allMatch(RunEnd::isComplete)) {
        terminal.say("Stopped. Go on with: " + again());
        return signals.exitCode();
      }
      return ExitCode.OK;
    } finally {
      progress.finish();
    }
  }

  private static String join(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** The same command line, for a shell, but for what would throw the runs away. */
  private String again() {
    return spec.root().commandLine().getParseResult().originalArgs().stream()
        .filter(argument -> !argument.startsWith("--overwrite"))
        .map(Shell::word)
        .collect(Collectors.joining(" ", "tiebreak ", ""));
  }

  private void report(Study study, List<String> asked) {
    long seed = study.plan().seeds().getFirst();
    Sampling sampling = new Sampling(TEMPERATURE, 0, TOP_P, TOKENS, seed);
    List<PairedSamples> pairs =
        PairedSamples.write(
            study.folder().run(new RunId(Arms.BASELINE, seed)),
            study.folder().run(new RunId(Arms.BOTH, seed)),
            asked,
            sampling);
    PairedSamples.save(pairs, study.folder().path().resolve(PairedSamples.FILE));
    StudyResults results = StudyResults.read(study);
    LossAnalysis analysis = LossAnalysis.of(results);
    LossFiles.write(analysis);
    SummaryFiles.write(results);
    int columns = TrainProgress.widthOf(terminal);
    terminal.out().print(DemoReport.text(analysis, pairs, columns));
    terminal.out().flush();
  }
}
