package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.estimate.Room;
import dev.tiebreak.trainer.study.RunEnd;
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
    List<RunId> runs = chosen(study.plan().runs());
    TrainConfig config = study.plan().config(runs.getFirst());
    Parallelism parallelism = parallelOption.parallelism(config.training()).atMost(runs.size());
    try (Dataset data = study.data(cacheOption.folder(), this::status)) {
      Room.require(
          config, data.manifest().vocabulary(), parallelism.device(), parallelism.atOnce());
      study.requireRunnable(exploratory);
      terminal()
          .say(
              Words.of(
                  "Training %d runs of %s, %d at once",
                  runs.size(), study.plan().name(), parallelism.atOnce()));
      return report(StudyTraining.run(terminal(), study, data, runs, parallelism));
    }
  }

  private List<RunId> chosen(List<RunId> runs) {
    if (task == null) {
      return runs;
    }
    UserError.require(
        task >= 0 && task < runs.size(),
        "task",
        task,
        Words.of("that of one of %d runs, numbered 0 to %d", runs.size(), runs.size() - 1));
    return List.of(runs.get(task));
  }

  private int report(StudyTraining training) {
    List<RunEnd> failed = training.of(RunEnd.Kind.FAILED, RunEnd.Kind.WAS_ABORTED);
    List<RunEnd> elsewhere = training.of(RunEnd.Kind.ELSEWHERE);
    int all = training.ends().size();
    print("%d of %d runs are complete.%n", training.complete(), all);
    failed.forEach(end -> print("%s failed: %s%n", end.run(), end.reason()));
    elsewhere.forEach(end -> print("%s is trained by another process.%n", end.run()));
    if (training.complete() + failed.size() + elsewhere.size() < all) {
      print("Stopped. Go on with: %s%n", parameter.command("run"));
      return training.signal();
    }
    if (training.complete() == all && task == null) {
      print("Next: %s%n", parameter.command("verify"));
    }
    return failed.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
