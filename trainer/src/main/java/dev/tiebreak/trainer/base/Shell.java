package dev.tiebreak.trainer.base;

/** Command lines that a user can copy. */
public final class Shell {
  private Shell() {}

  /** An argument as one word of a shell's command line: quoted if it has to be. */
  public static String word(Object argument) {
    String text = argument.toString();
    return text.matches("[\\w./:=,@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
