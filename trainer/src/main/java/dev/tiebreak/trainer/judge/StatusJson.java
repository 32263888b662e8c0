package dev.tiebreak.trainer.judge;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the operator's page is told. */
final class StatusJson {
  private StatusJson() {}

  static ObjectNode of(JudgeStatus status, JudgeSettings settings) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("planned", status.planned());
    json.put("given", status.given());
    json.put("last_hour", status.lastHour());
    json.put("judgments_per_pair", settings.judgmentsPerPair());
    ArrayNode pairs = json.putArray("pairs");
    status.pairs().forEach(pairs::add);
    ArrayNode links = json.putArray("links");
    for (JudgeStatus.LinkRow link : status.links()) {
      ObjectNode row = links.addObject();
      row.put("number", link.number());
      row.put("cap", link.cap().orElse(1));
      row.put("open", link.cap().isPresent());
      row.put("begun", link.begun());
      row.put("revoked", link.revoked());
    }
    ArrayNode judges = json.putArray("judges");
    for (JudgeStatus.JudgeRow judge : status.judges()) {
      ObjectNode row = judges.addObject();
      row.put("id", judge.id());
      row.put("begun_at", judge.begunAt());
      row.put("seen_at", judge.seenAt());
      row.put("answered", judge.answered());
      row.put("total", judge.total());
      row.put("undone", judge.undone());
      row.put("median_ms", judge.medianMs().orElse(0));
    }
    return json;
  }
}
