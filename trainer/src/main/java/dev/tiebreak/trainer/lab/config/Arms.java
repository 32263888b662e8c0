package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.toml.Toml;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.StringNode;

/** The arms that come along: the file {@code arms.toml}, to be read as well as used. */
public final class Arms {
  /** Plain cross-entropy, plain gradients. */
  public static final String BASELINE = "baseline";

  /** The token gain under study. */
  public static final String GAIN = "gain";

  /** Token gain and layer scaling: the original's second model. */
  public static final String BOTH = "both";

  /** The layer scaling under study. */
  public static final String DIVERGENCE = "divergence";

  private static final String FILE = "arms.toml";
  private static final Map<String, Arm> ARMS = new LinkedHashMap<>();

  static {
    JsonNode tables = Toml.parse(Resources.text(Arms.class, FILE), FILE);
    tables
        .properties()
        .forEach(arm -> ARMS.put(arm.getKey(), Arm.of(arm.getKey(), arm.getValue(), FILE)));
  }

  private Arms() {}

  /** The names, in the order of the file. */
  public static List<String> names() {
    return List.copyOf(ARMS.keySet());
  }

  /**
   * The arm of this name.
   *
   * @throws UserError if there is none
   */
  public static Arm get(String name) {
    Arm arm = ARMS.get(name);
    if (arm == null) {
      throw new UserError(Presets.unknown("arm", name, names()));
    }
    return arm;
  }

  /** The arm that a configuration is of: of those that would change nothing, the most definite. */
  static Optional<Arm> of(TrainConfig config) {
    Map<String, JsonNode> values =
        TrainConfig.SCHEMA.values(
            Toml.parse(config.toToml(), "configuration"), Set.of(), "configuration");
    return ARMS.values().stream()
        .filter(arm -> arm.stepsFactor() == 1 && changesNothing(arm, values))
        .max(Comparator.comparingInt(arm -> arm.overrides().size()));
  }

  /** The first arm that has this token gain, whatever its numbers are. */
  static Optional<Arm> of(GainSettings gain) {
    Map<String, JsonNode> values =
        Map.of(
            Arm.FORMULA,
            StringNode.valueOf(gain.formula()),
            Arm.OBJECTIVE,
            StringNode.valueOf(gain.objective()),
            Arm.THROUGH,
            BooleanNode.valueOf(gain.through()));
    return ARMS.values().stream()
        .filter(arm -> arm.overrides().entrySet().containsAll(values.entrySet()))
        .findFirst();
  }

  private static boolean changesNothing(Arm arm, Map<String, JsonNode> values) {
    return arm.overrides().entrySet().stream()
        .allMatch(entry -> entry.getValue().equals(Arms::compare, values.get(entry.getKey())));
  }

  /** 1 and 1.0 are the same; everything else is what it is. */
  private static int compare(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    return a.equals(b) ? 0 : 1;
  }
}
