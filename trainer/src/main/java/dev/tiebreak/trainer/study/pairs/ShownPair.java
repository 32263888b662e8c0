package dev.tiebreak.trainer.study.pairs;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A pair as judges see it, and what they do not see: which side is whose.
 *
 * @param pair the texts
 * @param id of the pair
 * @param treatmentId of the treatment's text in this pair; the same text has another in another
 * @param controlId of the control's
 * @param treatmentLeft whether the treatment's text stands left
 */
public record ShownPair(
    TextPair pair, String id, String treatmentId, String controlId, boolean treatmentLeft) {

  /** The line for judges: the prompt and two texts, and ids that mean nothing. */
  String toJson() {
    Completion left = treatmentLeft ? pair.treatment() : pair.control();
    Completion right = treatmentLeft ? pair.control() : pair.treatment();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("pair", id);
    json.put("prompt", pair.prompt().id());
    json.put("prompt_text", pair.prompt().text());
    json.put("left", left.text());
    json.put("right", right.text());
    json.put("left_id", treatmentLeft ? treatmentId : controlId);
    json.put("right_id", treatmentLeft ? controlId : treatmentId);
    return json.toString();
  }
}
