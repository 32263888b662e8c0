package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.JudgedPair;

/**
 * A pair as judges see it, and what they do not see: which side is whose.
 *
 * @param treatmentId of the treatment's text in this pair; the same text has another in another
 * @param controlId of the control's
 */
public record ShownPair(
    TextPair pair, String id, String treatmentId, String controlId, boolean treatmentLeft) {

  /** The line for judges: the prompt and two texts, and ids that mean nothing. */
  JudgedPair judged() {
    Completion left = treatmentLeft ? pair.treatment() : pair.control();
    Completion right = treatmentLeft ? pair.control() : pair.treatment();
    return new JudgedPair(
        id,
        pair.prompt().id(),
        pair.prompt().text(),
        left.text(),
        right.text(),
        treatmentLeft ? treatmentId : controlId,
        treatmentLeft ? controlId : treatmentId);
  }
}
