package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyRunner;
import java.util.List;
import java.util.function.Function;

/**
 * Runs of a study that were trained while a person watched, and could stop them.
 *
 * @param signal the exit code of the signal that stopped them; 0 if none came
 */
record StudyTraining(List<RunEnd> ends, int signal) {
  private static final int MOST_NAMED = 8;

  /** Trains runs, with their progress on the error stream. */
  static StudyTraining run(
      Terminal terminal, Study study, Dataset data, List<RunId> runs, Parallelism parallelism) {
    terminal.say(
        Words.of(
            "Training %d runs of %s, %d at once: %s; seeds %s",
            runs.size(),
            study.plan().name(),
            parallelism.atMost(runs.size()).atOnce(),
            distinct(runs, RunId::arm),
            distinct(runs, RunId::seed)));
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

  /** Those that cannot be completed as they are. */
  List<RunEnd> failed() {
    return of(RunEnd.Kind.FAILED, RunEnd.Kind.WAS_ABORTED);
  }

  /** Those that another process trains. */
  List<RunEnd> elsewhere() {
    return of(RunEnd.Kind.ELSEWHERE);
  }

  /** Whether some were put down, to go on later. */
  boolean isStopped() {
    return complete() + failed().size() + elsewhere().size() < ends.size();
  }

  /**
   * Throws unless all are complete or were put down.
   *
   * @throws dev.tiebreak.trainer.base.UserError with the reason of the first that is not
   */
  void requireTrained() {
    failed().forEach(end -> Check.user(false, "%s", end.reason()));
    elsewhere()
        .forEach(end -> Check.user(false, "another process trains %s; wait for it", end.run()));
  }

  /** How many are complete, and what became of the others. */
  String toText() {
    StringBuilder text = new StringBuilder();
    text.append(Words.of("%d of %d runs are complete.%n", complete(), ends.size()));
    failed().forEach(end -> text.append(Words.of("%s failed: %s%n", end.run(), end.reason())));
    elsewhere()
        .forEach(end -> text.append(Words.of("%s is trained by another process.%n", end.run())));
    return text.toString();
  }

  private List<RunEnd> of(RunEnd.Kind... kinds) {
    return ends.stream().filter(end -> List.of(kinds).contains(end.kind())).toList();
  }

  /** How many are complete. */
  long complete() {
    return ends.stream().filter(RunEnd::isComplete).count();
  }

  /** The first few of what runs have. */
  private static String distinct(List<RunId> runs, Function<RunId, Object> part) {
    List<String> all = runs.stream().map(part).distinct().map(Object::toString).toList();
    String some = String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())));
    return all.size() > MOST_NAMED
        ? some + Words.of(" and %d more", all.size() - MOST_NAMED)
        : some;
  }
}
