package dev.tiebreak.trainer.config;

import dev.tiebreak.trainer.UserError;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Which keys a configuration has, taken from the records: {@code section.key} in TOML's spelling.
 */
final class Schema {
  private static final Map<String, RecordComponent> KEYS = new LinkedHashMap<>();
  private static final List<String> SECTIONS = new ArrayList<>();

  static {
    for (RecordComponent section : TrainConfig.class.getRecordComponents()) {
      String name = Names.snakeCase(section.getName());
      SECTIONS.add(name);
      for (RecordComponent key : section.getType().getRecordComponents()) {
        KEYS.put(name + "." + Names.snakeCase(key.getName()), key);
      }
    }
  }

  private Schema() {}

  /** All keys, dotted, in the order of the records. */
  static List<String> keys() {
    return List.copyOf(KEYS.keySet());
  }

  /** The names of the sections, in the order of the records. */
  static List<String> sections() {
    return SECTIONS;
  }

  /** Whether there is such a key. */
  static boolean has(String key) {
    return KEYS.containsKey(key);
  }

  /** The record component behind a key that exists. */
  static RecordComponent component(String key) {
    return KEYS.get(key);
  }

  /**
   * The values of a tree of sections by their dotted keys.
   *
   * @param besides keys at the top that are no sections, to pass over
   * @param origin where the tree is written, in words
   * @throws UserError if a section or a key does not exist
   */
  static Map<String, JsonNode> values(JsonNode tree, Set<String> besides, String origin) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> section : tree.properties()) {
      String name = section.getKey();
      if (besides.contains(name)) {
        continue;
      }
      if (!section.getValue().isObject()) {
        throw unknown("key", name, keys(), origin);
      }
      if (!SECTIONS.contains(name)) {
        throw unknown("section", name, SECTIONS, origin);
      }
      for (Map.Entry<String, JsonNode> key : section.getValue().properties()) {
        String dotted = name + "." + key.getKey();
        require(dotted, origin);
        values.put(dotted, key.getValue());
      }
    }
    return values;
  }

  /**
   * @throws UserError if there is no such key
   */
  static void require(String key, String origin) {
    if (!has(key)) {
      throw unknown("key", key, keys(), origin);
    }
  }

  private static UserError unknown(String what, String name, List<String> known, String origin) {
    String hint =
        Names.nearest(name, known)
            .map(near -> "did you mean " + near + "?")
            .orElse("known are " + String.join(", ", candidates(name, known)));
    return new UserError("unknown %s %s (%s); %s".formatted(what, name, origin, hint));
  }

  /** The keys of the section that was named, or else the sections. */
  private static List<String> candidates(String name, List<String> known) {
    int dot = name.indexOf('.');
    List<String> siblings = new ArrayList<>();
    if (dot > 0) {
      known.stream()
          .filter(key -> key.startsWith(name.substring(0, dot + 1)))
          .forEach(siblings::add);
    }
    return siblings.isEmpty()
        ? SECTIONS.stream().map(section -> "[" + section + "]").toList()
        : siblings;
  }
}
