package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.estimate.Room;
import dev.tiebreak.trainer.study.Study;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all runs are complete, or another process trains what is not",
      "1:a run failed",
      "2:wrong input, nothing was trained",
      "130:stopped by Ctrl-C, with checkpoints"
    },
    footer = {
      "  tiebreak study run my-study",
      "  tiebreak study run my-study --parallel 4",
      "  tiebreak study run my-study --task 3        the fourth run only, as in a job array",
      "  tiebreak study run my-study --exploratory   without a registered plan"
    })
final class StudyRunCommand extends Action {
  @Mixin private StudyParameter parameter;

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

  @Mixin private ParallelOption parallelOption;

  @Override
  int run() {
    Study study = parameter.open();
    List<RunId> runs = task == null ? study.plan().runs() : List.of(study.plan().task(task));
    TrainConfig config = study.plan().config(runs.getFirst());
    Parallelism parallelism = parallelOption.parallelism(config.training()).atMost(runs.size());
    try (Dataset data = study.data(cacheOption.folder(), this::status)) {
      Room.require(config, data.manifest().vocabulary(), parallelism);
      study.requireRunnable(exploratory);
      return report(StudyTraining.run(terminal(), study, data, runs, parallelism));
    }
  }

  private int report(StudyTraining training) {
    terminal().out().print(training.toText());
    if (training.isStopped()) {
      print("Stopped. Go on with: %s%n", parameter.command("run"));
      return training.signal();
    }
    if (training.complete() == training.ends().size() && task == null) {
      print("Next: %s%n", parameter.command("verify"));
    }
    return training.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
