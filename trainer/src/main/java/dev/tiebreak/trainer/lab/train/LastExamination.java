package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.lab.config.EvaluationConfig.Examine;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.examine.Examiner;
import java.nio.file.Files;
import java.util.Optional;

/** Which evaluations of a run are examinations too, and the files that the last one leaves. */
final class LastExamination {
  private final TrainConfig config;
  private final RunFolder folder;
  private final Examiner examiner;
  private Examiner.Result last; // of the last step, or null

  LastExamination(TrainConfig config, RunFolder folder, Examiner examiner) {
    this.config = config;
    this.folder = folder;
    this.examiner = examiner;
  }

  /** Examines the model, if it is to be after so many steps. */
  Optional<Examination> at(long step) {
    boolean isLast = step == config.training().steps();
    boolean wanted =
        switch (config.evaluation().examine()) {
          case NEVER -> false;
          case LAST -> isLast;
          case EVERY -> true;
        };
    if (!wanted) {
      return Optional.empty();
    }
    Examiner.Result result = examiner.examine();
    last = isLast ? result : null;
    return Optional.of(result.examination());
  }

  /**
   * Writes the files, if there are to be any, once all steps are done. A run that ended between its
   * last evaluation and this is examined again; one that has the files keeps them.
   */
  void write() {
    if (config.evaluation().examine() == Examine.NEVER
        || last == null && Files.exists(folder.examination())) {
      return;
    }
    Examiner.Result result = last == null ? examiner.examine() : last;
    result.tokens().write(folder.validation());
    // the second: if it is there, both are
    Examination.FORMAT.write(folder.examination(), result.examination());
  }
}
