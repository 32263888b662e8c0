package dev.tiebreak.trainer.config;

import dev.tiebreak.trainer.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Puts a configuration together in layers, the later over the earlier: defaults, a preset, a file,
 * single keys. Every method throws {@link UserError} in one line that names the key, or the file
 * and the line, at fault.
 */
public final class ConfigBuilder {
  private static final TomlMapper TOML = new TomlMapper();
  private static final String EXTENDS = "extends";

  private final Map<String, Binder.Entry> entries = new LinkedHashMap<>();

  private ConfigBuilder() {}

  /** Starts from a preset, see {@link Presets}. */
  public static ConfigBuilder preset(String name) {
    return new ConfigBuilder().addPreset(Presets.DEFAULTS).addPreset(Presets.check(name));
  }

  /**
   * Starts from a TOML file. Keys that it leaves out come from the preset that it {@code extends},
   * or else from the defaults.
   */
  public static ConfigBuilder file(Path file) {
    JsonNode tree = parse(readFile(file), file.toString());
    ConfigBuilder builder = new ConfigBuilder().addPreset(Presets.DEFAULTS);
    JsonNode base = tree.get(EXTENDS);
    if (base != null) {
      builder.addPreset(baseOf(base, file));
    }
    return builder.add(tree, file.toString());
  }

  /** Starts from a preset of this name or, if there is none, from a file. */
  public static ConfigBuilder presetOrFile(String name) {
    if (Presets.names().contains(name)) {
      return preset(name);
    }
    if (!name.endsWith(".toml") && !Files.exists(Path.of(name))) {
      throw new UserError(Presets.unknown(name) + ", or a TOML file by its path");
    }
    return file(Path.of(name));
  }

  /** Reads a configuration that {@link TrainConfig#toToml} wrote, or any other whole file. */
  public static TrainConfig read(Path file) {
    return file(file).build();
  }

  private static String baseOf(JsonNode base, Path file) {
    if (!base.isString()) {
      throw new UserError(
          "%s in %s must be the name of a preset in quotes, such as \"quick\""
              .formatted(EXTENDS, file));
    }
    try {
      return Presets.check(base.stringValue());
    } catch (UserError e) {
      throw new UserError("%s in %s: %s".formatted(EXTENDS, file, e.getMessage()), e);
    }
  }

  /**
   * Sets one key as {@code --set} does: {@code section.key=value}, the value in TOML's syntax,
   * where text needs no quotes.
   */
  public ConfigBuilder set(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new UserError(
          "--set needs section.key=value, such as optimizer.lr=1e-3, not '" + assignment + "'");
    }
    String key = assignment.substring(0, equals).strip();
    return put(key, value(assignment.substring(equals + 1).strip()), "--set");
  }

  /**
   * Sets one key from an option of its own.
   *
   * @param key the dotted name
   * @param toml the value in TOML's syntax
   * @param option the option's name, for messages
   */
  public ConfigBuilder set(String key, String toml, String option) {
    return put(key, value(toml), option);
  }

  /** Sets {@code data.text} from {@code --text}. */
  public ConfigBuilder texts(List<String> texts) {
    return set("data.text", TomlWriter.literal(texts), "--text");
  }

  /** The configuration. */
  public TrainConfig build() {
    try {
      return new Binder(entries).bind();
    } catch (ConfigValueException e) {
      throw new UserError(e.getMessage(), e);
    }
  }

  private static JsonNode value(String text) {
    try {
      JsonNode tree = TOML.readTree("value = " + text);
      if (tree.size() == 1 && !tree.get("value").isObject()) {
        return tree.get("value");
      }
    } catch (JacksonException e) {
      // not TOML: text without quotes
    }
    return StringNode.valueOf(text);
  }

  private ConfigBuilder addPreset(String name) {
    return add(parse(Presets.toml(name), "preset " + name), "preset " + name);
  }

  private ConfigBuilder add(JsonNode tree, String origin) {
    for (Map.Entry<String, JsonNode> section : tree.properties()) {
      String name = section.getKey();
      if (name.equals(EXTENDS)) {
        continue;
      }
      if (!section.getValue().isObject()) {
        throw unknown("key", name, Schema.keys(), origin);
      }
      if (!Schema.sections().contains(name)) {
        throw unknown("section", name, Schema.sections(), origin);
      }
      for (Map.Entry<String, JsonNode> key : section.getValue().properties()) {
        put(name + "." + key.getKey(), key.getValue(), origin);
      }
    }
    return this;
  }

  private ConfigBuilder put(String key, JsonNode value, String origin) {
    if (!Schema.has(key)) {
      throw unknown("key", key, Schema.keys(), origin);
    }
    entries.put(key, new Binder.Entry(value, origin));
    return this;
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
        ? Schema.sections().stream().map(section -> "[" + section + "]").toList()
        : siblings;
  }

  private static String readFile(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new UserError("the configuration " + file + " is not UTF-8 text; check the path", e);
    } catch (IOException e) {
      throw UserError.io("read the configuration", file, e);
    }
  }

  private static JsonNode parse(String toml, String origin) {
    try {
      return TOML.readTree(toml);
    } catch (JacksonException e) {
      throw new UserError(
          "%s, near line %d: %s; correct the TOML there"
              .formatted(
                  origin,
                  e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }
}
