package dev.tiebreak.trainer.base;

/** Checks of what comes in. */
public final class Check {
  private Check() {}

  /**
   * Throws unless {@code holds}.
   *
   * @param format of the message, see {@link Words#of}
   * @throws IllegalArgumentException as a constructor of a record that is read from a file does:
   *     whoever reads the file says where it stands
   */
  public static void argument(boolean holds, String format, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(Words.of(format, values));
    }
  }

  /**
   * Throws unless {@code holds}.
   *
   * @param format of the message, see {@link Words#of}: what is wrong, where, what to do
   * @throws UserError for mistakes that the user can mend
   */
  public static void user(boolean holds, String format, Object... values) {
    if (!holds) {
      throw new UserError(Words.of(format, values));
    }
  }

  /**
   * Throws unless the value of a parameter that a user gives is allowed.
   *
   * @param name as keys are written: {@code top_k}
   * @param allowed is read after "it must be": {@code from 0 to 1}
   * @throws UserError that names the parameter, so that an interface can add its own name for it
   */
  public static void parameter(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      String message = Words.of("%s is %s; it must be %s", name, value, allowed);
      throw new UserError(message, Remedy.parameter(name));
    }
  }
}
