package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.losses.SettingException;
import dev.tiebreak.losses.formula.FormulaException;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.base.toml.ConfigValueException;
import dev.tiebreak.trainer.base.toml.Toml;
import dev.tiebreak.trainer.base.toml.TomlLayers;
import dev.tiebreak.trainer.base.toml.TomlWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Puts a configuration together in layers, the later over the earlier: defaults, a preset, a file,
 * an arm, single keys. Every method throws {@link UserError} in one line that names the key, or the
 * file and the line, at fault.
 */
public final class ConfigBuilder {
  private static final String STEPS = "training.steps";
  private static final String EXTENDS = "extends";
  private static final String WHAT = "the configuration";

  private final TomlLayers<TrainConfig> layers =
      TomlLayers.of(TrainConfig.class, TrainConfig.SCHEMA, ConfigBuilder::fault);

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
    JsonNode tree = TomlLayers.read(file, WHAT);
    ConfigBuilder builder = new ConfigBuilder().addPreset(Presets.DEFAULTS);
    JsonNode base = tree.get(EXTENDS);
    if (base != null) {
      builder.addPreset(baseOf(base, file.toString()));
    }
    return builder.add(tree, file.toString());
  }

  /**
   * Starts from a part of a larger file. Keys that it leaves out come from the preset, or the file
   * beside the larger one, that it {@code extends}, or else from the defaults.
   *
   * @param origin where it stands, for messages
   * @param folder of the larger file
   */
  public static ConfigBuilder part(JsonNode tree, String origin, Path folder) {
    JsonNode base = tree.get(EXTENDS);
    ConfigBuilder builder;
    if (base == null) {
      builder = new ConfigBuilder().addPreset(Presets.DEFAULTS);
    } else if (base.isString() && base.stringValue().endsWith(".toml")) {
      builder = file(folder.resolve(base.stringValue()));
    } else {
      builder = preset(baseOf(base, origin));
    }
    return builder.add(tree, origin);
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

  /** Starts from a configuration. */
  static ConfigBuilder of(TrainConfig config) {
    String origin = "configuration";
    return new ConfigBuilder().add(Toml.parse(config.toToml(), origin), origin);
  }

  private static String baseOf(JsonNode base, String origin) {
    if (!base.isString()) {
      throw new UserError(
          Words.of(
              "%s in %s must be the name of a preset in quotes, such as \"quick\"",
              EXTENDS, origin));
    }
    try {
      return Presets.check(base.stringValue());
    } catch (UserError e) {
      throw new UserError(Words.of("%s in %s: %s", EXTENDS, origin, e.getMessage()), e);
    }
  }

  /**
   * Sets one key: {@code section.key=value}, the value in TOML's syntax, where text needs no
   * quotes.
   */
  public ConfigBuilder set(String assignment) {
    return set(assignment, "assignment");
  }

  /**
   * The same.
   *
   * @param origin where it comes from, for messages
   */
  public ConfigBuilder set(String assignment, String origin) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new UserError(
          origin + " needs section.key=value, such as optimizer.lr=1e-3, not '" + assignment + "'");
    }
    String key = assignment.substring(0, equals).strip();
    return put(key, Toml.value(assignment.substring(equals + 1).strip()), origin);
  }

  /**
   * Sets one key from an option of its own.
   *
   * @param key the dotted name
   * @param toml the value in TOML's syntax
   * @param origin where it comes from, for messages
   */
  public ConfigBuilder set(String key, String toml, String origin) {
    return put(key, Toml.value(toml), origin);
  }

  /**
   * Makes it a configuration of this arm. The steps so far are multiplied by the arm's factor;
   * steps that are set afterwards count as they are.
   */
  public ConfigBuilder arm(Arm arm) {
    String origin = "arm " + arm.name();
    arm.overrides().forEach((key, value) -> put(key, value, origin));
    JsonNode steps = layers.get(STEPS);
    if (arm.stepsFactor() != 1 && steps.canConvertToLong()) {
      long scaled = (long) Math.ceil(steps.longValue() * arm.stepsFactor());
      put(STEPS, LongNode.valueOf(scaled), origin);
    }
    return this;
  }

  public ConfigBuilder texts(List<String> texts, String origin) {
    return set("data.text", TomlWriter.literal(texts), origin);
  }

  public TrainConfig build() {
    return layers.bind(WHAT);
  }

  private ConfigBuilder addPreset(String name) {
    return add(Toml.parse(Presets.toml(name), "preset " + name), "preset " + name);
  }

  private ConfigBuilder add(JsonNode tree, String origin) {
    ObjectNode today = tree.deepCopy().asObject();
    OldKeys.takeFrom(today).forEach((key, value) -> put(key, value, origin));
    layers.add(today, Set.of(EXTENDS), origin);
    return this;
  }

  private ConfigBuilder put(String key, JsonNode value, String origin) {
    if (OldKeys.has(key)) {
      OldKeys.renewed(key, value, layers::get, origin)
          .forEach((today, renewed) -> layers.put(today, renewed, origin));
    } else {
      boolean formula = key.equals(Arm.FORMULA) || key.equals(Arm.OBJECTIVE);
      boolean number = formula && value.isNumber(); // a formula, too
      layers.put(key, number ? StringNode.valueOf(value.asString()) : value, origin);
    }
    return this;
  }

  /** What losses refuse, in the words of a file. */
  private static IllegalArgumentException fault(String section, IllegalArgumentException fault) {
    if (!(fault instanceof SettingException wrong)) {
      return fault;
    }
    String hint =
        wrong.getCause() instanceof FormulaException formula && !formula.word().isEmpty()
            ? Names.nearest(formula.word(), formula.known())
                .map(near -> "; did you mean " + near + "?")
                .orElse("")
            : "";
    String key = section + "." + Names.snakeCase(wrong.setting());
    return new ConfigValueException(key, wrong.value(), wrong.allowed() + hint);
  }
}
