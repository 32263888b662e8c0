package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Which keys a TOML file has, taken from a root record: a component that is itself a record is a
 * section with keys {@code section.key}, any other is a key that stands outside of the sections.
 * All in TOML's spelling.
 */
public final class Schema {
  private final Class<? extends Record> root;
  private final String prefix;
  private final List<String> keys = new ArrayList<>();
  private final List<String> sections = new ArrayList<>();

  /**
   * @param prefix stands before every key, such as {@code comparison.h1.}; may be empty
   * @param others names of sections that somebody else reads, to be named in messages
   */
  public Schema(Class<? extends Record> root, String prefix, List<String> others) {
    this.root = root;
    this.prefix = prefix;
    for (RecordComponent component : root.getRecordComponents()) {
      String name = Names.snakeCase(component.getName());
      if (component.getType().isRecord()) {
        sections.add(name);
        for (RecordComponent key : component.getType().getRecordComponents()) {
          keys.add(prefix + name + "." + Names.snakeCase(key.getName()));
        }
      } else {
        keys.add(prefix + name);
      }
    }
    sections.addAll(others);
  }

  public Class<? extends Record> root() {
    return root;
  }

  public String prefix() {
    return prefix;
  }

  /** All keys, dotted, in the order of the records. */
  public List<String> keys() {
    return List.copyOf(keys);
  }

  public List<String> sections() {
    return List.copyOf(sections);
  }

  public boolean has(String key) {
    return keys.contains(key);
  }

  /**
   * The values of a tree of sections by their dotted keys.
   *
   * @param besides names at the top that somebody else reads
   * @throws UserError if a section or a key does not exist
   */
  public Map<String, JsonNode> values(JsonNode tree, Set<String> besides, String origin) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> child : tree.properties()) {
      String name = child.getKey();
      if (besides.contains(name)) {
        continue;
      }
      if (has(prefix + name)) {
        values.put(prefix + name, child.getValue());
      } else if (!child.getValue().isObject()) {
        throw unknown("key", prefix + name, keys, origin);
      } else if (!sections.contains(name)) {
        throw unknown("section", name, sections, origin);
      } else {
        for (Map.Entry<String, JsonNode> key : child.getValue().properties()) {
          String dotted = prefix + name + "." + key.getKey();
          require(dotted, origin);
          values.put(dotted, key.getValue());
        }
      }
    }
    return values;
  }

  /**
   * @throws UserError if there is no such key
   */
  public void require(String key, String origin) {
    if (!has(key)) {
      throw unknown("key", key, keys, origin);
    }
  }

  private UserError unknown(String what, String name, List<String> known, String origin) {
    String hint =
        Names.nearest(name, known)
            .map(near -> "did you mean " + near + "?")
            .orElse("known are " + String.join(", ", candidates(name, known)));
    return new UserError(Words.of("unknown %s %s (%s); %s", what, name, origin, hint));
  }

  /** The keys of the section that was named, or else the sections. */
  private List<String> candidates(String name, List<String> known) {
    String section = name.substring(0, name.lastIndexOf('.') + 1);
    List<String> siblings =
        known.stream().filter(key -> !section.isEmpty() && key.startsWith(section)).toList();
    return siblings.isEmpty()
        ? sections.stream().map(other -> "[" + other + "]").toList()
        : siblings;
  }
}
