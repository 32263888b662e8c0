package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyRunner;
import java.util.List;

/**
 * Runs of a study that were trained while a person watched, and could stop them.
 *
 * @param signal the exit code of the signal that stopped them; 0 if none came
 */
record StudyTraining(List<RunEnd> ends, int signal) {
  /** Trains runs, with their progress on the error stream. */
  static StudyTraining run(
      Terminal terminal, Study study, Dataset data, List<RunId> runs, Parallelism parallelism) {
    StudyProgress progress = new StudyProgress(terminal, study.folder(), study.plan(), runs);
    StudyRunner runner = new StudyRunner(study, data, parallelism.device(), progress);
    Runnable stop =
        () -> {
          runner.requestStop();
          progress.note(
              "stopping after these steps, with checkpoints; press Ctrl-C again to quit at once");
        };
    try (StopSignals signals = StopSignals.listen(stop)) {
      List<RunEnd> ends = runner.run(runs, parallelism.atOnce());
      return new StudyTraining(ends, signals.exitCode());
    } finally {
      progress.finish();
    }
  }

  /** Those that ended in one of these ways. */
  List<RunEnd> of(RunEnd.Kind... kinds) {
    return ends.stream().filter(end -> List.of(kinds).contains(end.kind())).toList();
  }

  /** How many are complete. */
  long complete() {
    return ends.stream().filter(RunEnd::isComplete).count();
  }
}
