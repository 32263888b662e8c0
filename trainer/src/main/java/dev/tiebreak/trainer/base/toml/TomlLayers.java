package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The values of a TOML file in layers, the later over the earlier, until they are bound to a record
 * of records. Every method throws {@link UserError} in one line that names the key, or the file and
 * the line, at fault.
 *
 * @param <R> the root record: its components are sections (records) and keys (all else)
 */
public final class TomlLayers<R extends Record> {
  private final Class<R> root;
  private final Schema schema;
  private final Binder.Faults faults;
  private final Map<String, Binder.Entry> entries = new LinkedHashMap<>();

  private TomlLayers(Class<R> root, Schema schema, Binder.Faults faults) {
    this.root = root;
    this.schema = schema;
    this.faults = faults;
  }

  /**
   * No values yet.
   *
   * @param root the record to make
   * @param prefix stands before every key, such as {@code comparison.h1.}; may be empty
   * @param others names of sections that somebody else reads, to be named in messages
   */
  public static <R extends Record> TomlLayers<R> of(
      Class<R> root, String prefix, List<String> others) {
    return new TomlLayers<>(root, new Schema(root, prefix, others), (_, fault) -> fault);
  }

  /**
   * No values yet, of a root some of whose sections are records that know nothing of files.
   *
   * @param faults names the key when one of those refuses a value
   */
  public static <R extends Record> TomlLayers<R> of(
      Class<R> root, Schema schema, Binder.Faults faults) {
    return new TomlLayers<>(root, schema, faults);
  }

  /**
   * Reads a TOML file.
   *
   * @param what the file is, for messages: {@code the configuration}
   */
  public static JsonNode read(Path file, String what) {
    return parse(TextFiles.read(file, what), file.toString());
  }

  /**
   * Reads a TOML text.
   *
   * @param origin where it stands, for messages, such as a file name
   */
  public static JsonNode parse(String toml, String origin) {
    return Toml.parse(toml, origin);
  }

  /**
   * Adds what a file says.
   *
   * @param tree its sections and keys
   * @param besides names at the top that somebody else reads
   * @param origin where they stand, for messages
   */
  public TomlLayers<R> add(JsonNode tree, Set<String> besides, String origin) {
    schema.values(tree, besides, origin).forEach((key, value) -> put(key, value, origin));
    return this;
  }

  /**
   * Sets one key.
   *
   * @param key the dotted name, with the prefix
   */
  public TomlLayers<R> put(String key, JsonNode value, String origin) {
    schema.require(key, origin);
    entries.put(key, new Binder.Entry(value, origin));
    return this;
  }

  /** The latest value of a key that has one. */
  public JsonNode get(String key) {
    return entries.get(key).node();
  }

  /**
   * Makes the record.
   *
   * @param origin where a key that is missing should have been, for messages
   */
  public R bind(String origin) {
    for (String key : schema.keys()) {
      if (!entries.containsKey(key)) {
        throw new UserError(
            Words.of(
                "%s is missing (%s); write %s = ...",
                key, origin, key.substring(key.lastIndexOf('.') + 1)));
      }
    }
    try {
      return root.cast(new Binder(schema, entries, faults).bind());
    } catch (ConfigValueException e) {
      throw new UserError(e.getMessage(), e);
    }
  }
}
