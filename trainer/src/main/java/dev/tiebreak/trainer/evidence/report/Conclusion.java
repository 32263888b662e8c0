package dev.tiebreak.trainer.evidence.report;

import java.util.List;

/**
 * What the registered rule says about the votes.
 *
 * @param outcome in a word
 * @param scope what it speaks of, in a sentence
 * @param reasons why, a sentence each
 */
public record Conclusion(Outcome outcome, String scope, List<String> reasons) {
  /** What can come out. */
  public enum Outcome {
    /** Judges prefer the treatment, by more than comparisons of equal arms vary. */
    REPLICATED("replicated"),
    /** They do so at matched entropy, too. */
    MECHANISM_SHOWN("mechanism shown"),
    /** The preference, if there is one, is smaller than what would matter. */
    NOT_REPLICATED("not replicated"),
    /** Neither is shown. */
    INCONCLUSIVE("inconclusive"),
    /** Nobody judged. */
    NO_CLAIM("no claim: scripted judges"),
    /** Totals of somebody else's votes, not votes. */
    RECONSTRUCTION("a reconstruction from published totals, not an analysis of votes");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    /** In lower-case words. */
    @Override
    public String toString() {
      return words;
    }
  }

  /** Copies the list. */
  public Conclusion {
    reasons = List.copyOf(reasons);
  }
}
