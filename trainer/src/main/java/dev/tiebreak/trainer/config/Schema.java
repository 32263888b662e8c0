package dev.tiebreak.trainer.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
}
