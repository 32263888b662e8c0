package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tables of votes as lines of JSON: numbers and truth values are written as such. */
final class VoteJsonl {
  private VoteJsonl() {}

  static List<Vote> read(String text, Faults faults) {
    List<Vote> votes = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\r?\n")) {
      int at = ++number;
      if (!line.isBlank()) {
        vote(line, fault -> faults.add(at, fault)).ifPresent(votes::add);
      }
    }
    return votes;
  }

  static Optional<Vote> vote(String line, Consumer<String> faults) {
    ObjectNode json;
    try {
      json = Json.read(ObjectNode.class, line);
    } catch (IllegalArgumentException e) {
      faults.accept(e.getMessage());
      return Optional.empty();
    }
    Map<String, String> row = new LinkedHashMap<>();
    json.properties().forEach(field -> row.put(field.getKey(), text(field.getValue())));
    List<String> missing =
        VoteColumns.REQUIRED.stream().filter(column -> !row.containsKey(column)).toList();
    if (!missing.isEmpty()) {
      missing.forEach(column ->
          faults.accept(
              Words.of("%s is missing%s", column, Names.hint(column, List.copyOf(row.keySet())))));
      return Optional.empty();
    }
    return VoteColumns.vote(row, faults);
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  static String write(List<Vote> votes) {
    return votes.stream().map(vote -> line(vote) + "\n").collect(Collectors.joining());
  }

  static String line(Vote vote) {
    Map<String, Object> json = new LinkedHashMap<>(VoteColumns.row(vote));
    vote.origin().seed().ifPresent(value -> json.put("seed", value));
    vote.origin().controlSeed().ifPresent(value -> json.put("control_seed", value));
    vote.when().responseMs().ifPresent(value -> json.put("response_ms", value));
    vote.origin().leftTokens().ifPresent(value -> json.put("left_tokens", value));
    vote.origin().rightTokens().ifPresent(value -> json.put("right_tokens", value));
    if (vote.shown().catchItem()) {
      json.put("catch", true);
    }
    return Json.line(json);
  }
}
