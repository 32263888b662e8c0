package dev.tiebreak.trainer.evidence.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named values, such as settings.
 *
 * @param id names them in the JSON file
 * @param values texts, numbers, truth values or lists of texts, by snake_case names; null for a
 *     number that there is not
 */
public record Facts(String id, Map<String, Object> values) implements Block {
  /** Copies the map, which keeps its order; numbers that are not finite become null. */
  public Facts {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach((name, value) -> copy.put(name, Table.finite(value)));
    values = Collections.unmodifiableMap(copy);
  }

  /** A name as people read it. */
  static String heading(String name) {
    return name.replace('_', ' ');
  }

  /** A value in lines: several for a list. */
  static List<String> lines(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(value == null ? Format.NONE : value.toString());
  }
}
