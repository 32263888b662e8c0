package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Facts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the registered rule says about the votes.
 *
 * @param scope what it speaks of, in a sentence
 * @param reasons why, a sentence each
 */
public record Verdict(Outcome outcome, String scope, List<String> reasons) {
  public enum Outcome {
    /** People prefer the texts of these checkpoints; of other training runs nothing is shown. */
    PREFERRED("preferred: these checkpoints"),
    /** People prefer the treatment's texts, over training runs like these. */
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

    @Override
    public String toString() {
      return words;
    }
  }

  public Verdict {
    reasons = List.copyOf(reasons);
  }

  /** As it stands in a document. */
  Facts facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("outcome", outcome.toString());
    facts.put("scope", scope);
    facts.put("reasons", reasons);
    return new Facts("verdict", facts);
  }
}
