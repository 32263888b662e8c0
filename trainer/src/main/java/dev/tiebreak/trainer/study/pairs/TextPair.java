package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry.Place;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.study.Prompt;
import java.util.Optional;

/** Two texts for one prompt, before anything is said about which stands left. */
public record TextPair(
    Comparison comparison, Prompt prompt, Completion treatment, Completion control) {

  /** The rule that makes it a tie, if one does: then no judge sees it. */
  public Optional<KeyEntry.Rule> ruled() {
    if (treatment.text().isBlank() || control.text().isBlank()) {
      return Optional.of(KeyEntry.Rule.EMPTY);
    }
    return treatment.text().equals(control.text())
        ? Optional.of(KeyEntry.Rule.IDENTICAL)
        : Optional.empty();
  }

  /** The comparison and the models: where left and right are balanced. */
  String cell() {
    return String.join(
        "\0", comparison.name(), treatment.run().toString(), control.run().toString());
  }

  /** Words that no other pair has; other texts for the same question are another pair. */
  String identity() {
    return String.join(
        "\0",
        cell(),
        prompt.id(),
        Integer.toString(treatment.completion()),
        treatment.fingerprint(),
        control.fingerprint());
  }

  /**
   * Its line in the key.
   *
   * @param shown how judges see it, if they do
   */
  KeyEntry keyEntry(String id, Optional<ShownPair> shown) {
    Optional<Place> treatmentSide =
        shown.map(one -> one.treatmentLeft() ? Place.LEFT : Place.RIGHT);
    Optional<Place> controlSide = shown.map(one -> one.treatmentLeft() ? Place.RIGHT : Place.LEFT);
    return new KeyEntry(
        id,
        comparison.name(),
        prompt.id(),
        treatment.completion(),
        ruled(),
        side(treatment, shown.map(ShownPair::treatmentId), treatmentSide),
        side(control, shown.map(ShownPair::controlId), controlSide));
  }

  private static KeyEntry.Side side(
      Completion completion, Optional<String> id, Optional<Place> side) {
    return new KeyEntry.Side(
        id, side, completion.run(), completion.temperature(), completion.statistics());
  }
}
