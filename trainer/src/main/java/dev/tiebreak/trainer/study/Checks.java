package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.study.Verdict.Result;
import java.util.List;
import java.util.Optional;

/**
 * Notes down how the checks of one subject come out.
 *
 * @param subject what is checked: the study, or a run
 */
record Checks(String subject, List<Verdict> verdicts) {
  /** There is something to know. */
  void note(String what, String detail) {
    verdicts.add(new Verdict(subject, what, Result.NOTE, detail));
  }

  /** A check that holds. */
  void holds(String what, String detail) {
    verdicts.add(new Verdict(subject, what, Result.OK, detail));
  }

  /** A check that does not. */
  void fails(String what, String detail) {
    verdicts.add(new Verdict(subject, what, Result.FAILED, detail));
  }

  /** A check that holds if there is no problem. */
  void noProblem(String what, Optional<String> problem) {
    problem.ifPresentOrElse(detail -> fails(what, detail), () -> holds(what, ""));
  }

  /** A check that two hashes are equal. */
  void same(String what, String expected, String found) {
    if (found.equals(expected)) {
      holds(what, "");
    } else {
      fails(what, Words.of("SHA-256 %.8s..., expected %.8s...", found, expected));
    }
  }

  /** Checks that end where a file cannot be read or is damaged: that is a check that fails. */
  void attempt(String what, Runnable checks) {
    try {
      checks.run();
    } catch (UserError e) {
      fails(what, e.getMessage());
    }
  }
}
