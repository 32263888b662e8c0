package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyRunner;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak study run}: trains every arm with every seed. */
@Command(
    name = "run",
    header = "Trains every arm with every seed.",
    description = {
      "Trains every arm with every seed, several at once. What is complete is not trained again, what"
          + " was interrupted goes on to the same bytes, and what another process trains is left to"
          + " it; so the same command goes on after Ctrl-C, a crash or a power cut, and may run on"
          + " several machines that share the folder."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all runs are complete, or another process trains what is not",
      "1:a run failed",
      "2:wrong input, nothing was trained",
      "130:stopped by Ctrl-C, with checkpoints"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study run my-study",
      "  tiebreak study run my-study --parallel 4",
      "  tiebreak study run my-study --task 3        the fourth run only, as in a job array",
      "  tiebreak study run my-study --exploratory   without a registered plan"
    })
final class StudyRunCommand implements Callable<Integer> {
  @Mixin private StudyParameter parameter;

  @Option(
      names = "--parallel",
      paramLabel = "<n>",
      description = "Trainings at once (default: processors / training.threads; one on a GPU).")
  private Integer parallel;

  @Option(
      names = "--task",
      paramLabel = "<i>",
      description = "Train only the run with this number, from 0, in the order of study check.")
  private Integer task;

  @Option(
      names = "--exploratory",
      description = "Run a study that is not registered; that is recorded, and shown from then on.")
  private boolean exploratory;

  @Mixin private CacheOption cacheOption;

  @Mixin private DeviceOptions deviceOptions;

  @Spec private CommandSpec spec;

  private Terminal terminal;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    Study study = parameter.open();
    List<RunId> runs = chosen(study.plan().runs());
    TrainConfig config = study.plan().config(runs.getFirst());
    Device device = deviceOptions.device();
    device.require(config.training().precision());
    int atOnce = Math.min(runs.size(), parallel(config, device));
    try (Dataset data = study.data(cacheOption.folder(), status -> terminal.say(status + " ..."))) {
      MemoryCheck.requireRoom(config, data.manifest().vocabulary(), device, atOnce);
      study.requireRunnable(exploratory);
      terminal.say(
          Words.of("Training %d runs of %s, %d at once", runs.size(), study.plan().name(), atOnce));
      return train(study, data, device, runs, atOnce);
    }
  }

  private List<RunId> chosen(List<RunId> runs) {
    if (task == null) {
      return runs;
    }
    if (task < 0 || task >= runs.size()) {
      throw new UserError(
          Words.of(
              "--task is %d; the study has %d runs, numbered 0 to %d",
              task, runs.size(), runs.size() - 1));
    }
    return List.of(runs.get(task));
  }

  private int parallel(TrainConfig config, Device device) {
    if (parallel == null) {
      int processors = Runtime.getRuntime().availableProcessors();
      return device.isGpu() ? 1 : Math.max(1, processors / config.training().threadCount());
    }
    if (parallel < 1) {
      throw new UserError("--parallel is " + parallel + "; it must be 1 or more");
    }
    if (device.isGpu() && parallel > 1) {
      throw new UserError(
          Words.of(
              "--parallel is %d, but one GPU trains one model at a time; use --parallel 1, and another process with --device cuda:1 for a second GPU",
              parallel));
    }
    return parallel;
  }

  private int train(Study study, Dataset data, Device device, List<RunId> runs, int atOnce) {
    StudyProgress progress =
        new StudyProgress(
            terminal, TrainProgress.widthOf(terminal), study.folder(), study.plan(), runs);
    StudyRunner runner = new StudyRunner(study, data, device, progress);
    Runnable stop =
        () -> {
          runner.requestStop();
          progress.note(
              "stopping after these steps, with checkpoints; press Ctrl-C again to quit at once");
        };
    try (StopSignals signals = StopSignals.listen(stop)) {
      List<RunEnd> ends = runner.run(runs, atOnce);
      progress.finish();
      return report(ends, signals.exitCode());
    } finally {
      progress.finish();
    }
  }

  private int report(List<RunEnd> ends, int signal) {
    long complete = ends.stream().filter(RunEnd::isComplete).count();
    List<RunEnd> failed = of(ends, RunEnd.Kind.FAILED, RunEnd.Kind.WAS_ABORTED);
    List<RunEnd> elsewhere = of(ends, RunEnd.Kind.ELSEWHERE);
    boolean stopped = complete + failed.size() + elsewhere.size() < ends.size();
    terminal.out().printf(Locale.ROOT, "%d of %d runs are complete.%n", complete, ends.size());
    for (RunEnd end : failed) {
      terminal.out().printf(Locale.ROOT, "%s failed: %s%n", end.run(), end.reason());
    }
    for (RunEnd end : elsewhere) {
      terminal.out().printf(Locale.ROOT, "%s is trained by another process.%n", end.run());
    }
    if (stopped) {
      terminal.out().println("Stopped. Go on with: " + parameter.command("run"));
    } else if (complete == ends.size() && task == null) {
      terminal.out().println("Next: " + parameter.command("verify"));
    }
    terminal.out().flush();
    if (stopped) {
      return signal;
    }
    return failed.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static List<RunEnd> of(List<RunEnd> ends, RunEnd.Kind... kinds) {
    return ends.stream().filter(end -> List.of(kinds).contains(end.kind())).toList();
  }
}
