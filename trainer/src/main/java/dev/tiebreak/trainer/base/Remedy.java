package dev.tiebreak.trainer.base;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What helps against a {@link UserError}, in terms of this library. Whoever shows the error to a
 * person can add how that is done there: the command line names its options and commands.
 */
public sealed interface Remedy {
  /**
   * To give a parameter of what was called another value.
   *
   * @param name as keys are written: {@code top_k}
   * @param value one that would do, or empty
   */
  record Parameter(String name, String value) implements Remedy {}

  /**
   * To do something else first, or instead.
   *
   * @param folder the run or the study that it is done to, if there is one
   */
  record Step(Kind kind, Optional<Path> folder) implements Remedy {}

  /** What can be done first, or instead. */
  enum Kind {
    /** Train a model in a folder. */
    TRAIN,
    /** Go on with a training. */
    RESUME,
    /** Examine a run. */
    EXAMINE,
    /** See what a training costs, by part. */
    ESTIMATE,
    /** See what this machine offers. */
    DOCTOR,
    /** Begin a study. */
    INIT,
    /** Register a study's plan. */
    REGISTER,
    /** Register a changed plan, with the reason. */
    AMEND,
    /** Train the runs of a study. */
    RUN,
    /** Make the pairs of a study. */
    PAIRS,
    /** Invite people to judge. */
    INVITE,
    /** Let people, models or rules judge. */
    JUDGE
  }

  /** A parameter, whatever its value. */
  static Remedy parameter(String name) {
    return new Parameter(name, "");
  }

  /** A parameter and a value that would do. */
  static Remedy parameter(String name, String value) {
    return new Parameter(name, value);
  }

  /** Something else to do. */
  static Remedy step(Kind kind) {
    return new Step(kind, Optional.empty());
  }

  /** Something else to do to a run or a study. */
  static Remedy step(Kind kind, Path folder) {
    return new Step(kind, Optional.of(folder));
  }
}
