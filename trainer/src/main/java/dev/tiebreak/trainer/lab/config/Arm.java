package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * One way to shape the training signal: what it changes in a configuration. It begins from the
 * baseline, so a shaping that it does not name is off.
 *
 * @param name what it and the folder of its run are called
 * @param about one line: formula, source, and whether it is an arm, a control or a placebo
 * @param overrides values by their dotted keys
 * @param stepsFactor multiplies {@code training.steps}, rounded up; the warm-up stays as it is
 */
public record Arm(String name, String about, Map<String, JsonNode> overrides, double stepsFactor) {
  private static final String ABOUT = "about";
  private static final String STEPS_FACTOR = "steps_factor";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  static final String FORMULA = "gain.formula";
  static final String OBJECTIVE = "gain.objective";
  static final String THROUGH = "gain.through";

  /** What makes a token gain what it is. */
  static final List<String> TOKEN_KEYS = List.of(FORMULA, OBJECTIVE, THROUGH);

  /** What every arm begins from, whatever the configuration has. */
  private static final Map<String, JsonNode> BASELINE =
      Map.of(
          FORMULA,
          StringNode.valueOf(GainSettings.PLAIN_WEIGHT),
          OBJECTIVE,
          StringNode.valueOf(GainSettings.PLAIN_LOSS),
          THROUGH,
          BooleanNode.FALSE,
          "layer_scaling.kind",
          StringNode.valueOf("none"),
          "layer_scaling.invert",
          BooleanNode.FALSE,
          "layer_scaling.shuffle",
          BooleanNode.FALSE,
          "layer_scaling.fixed",
          BooleanNode.FALSE,
          "layer_scaling.clip",
          StringNode.valueOf("after"));

  public Arm {
    overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
  }

  /**
   * An arm from a table, as in the catalogue {@code arms.toml}: {@code about}, perhaps {@code
   * steps_factor}, and tables of keys to override, such as {@code [NAME.gain]}.
   *
   * @param origin where the table is written, in words, for messages
   * @throws UserError if the table has a key that a configuration does not have; whether the values
   *     are allowed shows in {@link ConfigBuilder#build}
   */
  public static Arm of(String name, JsonNode table, String origin) {
    String where = "arm " + name + " in " + origin;
    if (!NAME.matcher(name).matches()) {
      throw new UserError(
          where + ": a run's folder is named after it; use letters, digits, '.', '_' and '-'");
    }
    if (!table.path(ABOUT).isString()) {
      throw new UserError(where + " has no line that says what it is; add about = \"...\"");
    }
    JsonNode factor = table.path(STEPS_FACTOR);
    if (!factor.isMissingNode() && !(factor.isNumber() && factor.doubleValue() > 0)) {
      throw new UserError(Words.of("steps_factor of %s must be a number above 0", where));
    }
    Map<String, JsonNode> overrides = new LinkedHashMap<>(BASELINE);
    ObjectNode today = table.deepCopy().asObject();
    OldKeys.takeFrom(today)
        .forEach(
            (key, value) -> overrides.putAll(OldKeys.renewed(key, value, overrides::get, where)));
    overrides.putAll(TrainConfig.SCHEMA.values(today, Set.of(ABOUT, STEPS_FACTOR), where));
    return new Arm(name, table.get(ABOUT).stringValue(), overrides, factor.asDouble(1));
  }

  @Override
  public String toString() {
    return name;
  }
}
