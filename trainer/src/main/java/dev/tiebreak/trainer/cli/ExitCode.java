package dev.tiebreak.trainer.cli;

/** What the process tells the shell when it ends. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** A fault of the program. */
  public static final int INTERNAL_ERROR = 1;

  /** Of several things that were done or checked, one or more failed; the output says which. */
  public static final int FAILED = 1;

  /** A mistake that the user can mend: one line on the error stream says how. */
  public static final int USER_ERROR = 2;

  /** Ctrl-C. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
