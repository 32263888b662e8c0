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
    TRAIN,
    RESUME,
    EXAMINE,
    ESTIMATE,
    DOCTOR,
    INIT,
    REGISTER,
    AMEND,
    RUN,
    PAIRS,
    INVITE,
    JUDGE
  }

  static Remedy parameter(String name) {
    return new Parameter(name, "");
  }

  static Remedy parameter(String name, String value) {
    return new Parameter(name, value);
  }

  static Remedy step(Kind kind) {
    return new Step(kind, Optional.empty());
  }

  static Remedy step(Kind kind, Path folder) {
    return new Step(kind, Optional.of(folder));
  }
}
