package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.study.Comparison;
import dev.tiebreak.trainer.study.Prompt;
import java.util.Locale;
import java.util.Optional;

/**
 * Two texts for one prompt, before anything is said about which stands left.
 *
 * @param comparison what they are compared for
 * @param prompt that both continue
 * @param treatment the text of the comparison's treatment
 * @param control the text of its control
 */
public record TextPair(
    Comparison comparison, Prompt prompt, Completion treatment, Completion control) {

  /** Why a pair is a tie without being judged. */
  public enum Rule {
    /** One of the texts, or both, holds nothing but white space. */
    EMPTY,
    /** The texts are equal to the last character. */
    IDENTICAL;

    static Rule of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The rule that makes it a tie, if one does: then no judge sees it. */
  public Optional<Rule> ruled() {
    if (treatment.text().isBlank() || control.text().isBlank()) {
      return Optional.of(Rule.EMPTY);
    }
    return treatment.text().equals(control.text()) ? Optional.of(Rule.IDENTICAL) : Optional.empty();
  }

  /** The comparison and the models: where left and right are balanced. */
  String cell() {
    return String.join(
        "\0",
        comparison.name(),
        treatment.request().run().toString(),
        control.request().run().toString());
  }

  /** Words that no other pair has; other texts for the same question are another pair. */
  String identity() {
    return String.join(
        "\0",
        cell(),
        prompt.id(),
        Integer.toString(treatment.request().sample()),
        treatment.fingerprint(),
        control.fingerprint());
  }
}
