package dev.tiebreak.trainer.study;

/**
 * The outcome of one check.
 *
 * @param subject what was checked: the study, or a run
 * @param detail what was found, in a few words; may be empty
 */
public record Verdict(String subject, String what, Result result, String detail) {
  /** Whether a check holds. */
  public enum Result {
    /** It holds. */
    OK,
    /** It does not. */
    FAILED,
    /** There is nothing to check yet, or something to know. */
    NOTE
  }
}
