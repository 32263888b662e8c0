package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Keys that were, in the words of those that are: {@code gain.kind} is the formula of an arm of the
 * catalogue, {@code gain.detached} the contrary of {@code gain.through}, {@code gain.shuffle} a
 * function around the formula. They are read wherever a configuration is, and written nowhere.
 */
final class OldKeys {
  private static final String GAIN = "gain";
  private static final String KIND = "gain.kind";
  private static final String DETACHED = "gain.detached";
  private static final String SHUFFLE = "gain.shuffle";
  private static final List<String> KEYS = List.of(KIND, DETACHED, SHUFFLE);

  /** The arms whose gains the kinds were; where none is named, that of the same name. */
  private static final Map<String, String> ARMS =
      Map.of("none", Arms.BASELINE, "precision", Arms.GAIN, "constant", "constant-gain");

  private static final List<String> KINDS =
      List.of(
          ("none precision z linear term power sigmoid focal mile excess_surprisal dft top_k"
                  + " constant rho label_smoothing confidence_penalty")
              .split(" "));

  private OldKeys() {}

  static boolean has(String key) {
    return KEYS.contains(key);
  }

  /** Takes the old keys out of a tree of sections; returns them, in the order to be applied. */
  static Map<String, JsonNode> takeFrom(ObjectNode tree) {
    Map<String, JsonNode> taken = new LinkedHashMap<>();
    if (tree.get(GAIN) instanceof ObjectNode gain) {
      for (String key : KEYS) {
        JsonNode value = gain.remove(key.substring(GAIN.length() + 1));
        if (value != null) {
          taken.put(key, value);
        }
      }
    }
    return taken;
  }

  /**
   * What an old key says, by today's keys.
   *
   * @param now the values so far
   * @param origin where it stands, in words
   * @throws UserError if it says nothing that was ever allowed
   */
  static Map<String, JsonNode> renewed(
      String key, JsonNode value, Function<String, JsonNode> now, String origin) {
    if (key.equals(KIND)) {
      return kind(value, origin);
    }
    if (!value.isBoolean()) {
      throw new UserError(Words.of("%s is %s (%s); it must be true or false", key, value, origin));
    }
    if (key.equals(DETACHED)) {
      return Map.of(Arm.THROUGH, BooleanNode.valueOf(!value.booleanValue()));
    }
    String formula = now.apply(Arm.FORMULA).asString("");
    return value.booleanValue()
        ? Map.of(Arm.FORMULA, StringNode.valueOf("shuffle(" + formula + ")"))
        : Map.of();
  }

  private static Map<String, JsonNode> kind(JsonNode value, String origin) {
    String kind = value.asString("");
    if (!KINDS.contains(kind)) {
      throw new UserError(
          Words.of(
              "%s is %s (%s); it must be one of %s, or write the formula itself, as in %s = \"%s\"",
              KIND,
              value,
              origin,
              String.join(", ", KINDS),
              Arm.FORMULA,
              Arms.get(Arms.GAIN).overrides().get(Arm.FORMULA).asString()));
    }
    Arm arm = Arms.get(ARMS.getOrDefault(kind, kind.replace('_', '-')));
    Map<String, JsonNode> today = new LinkedHashMap<>(arm.overrides());
    today.keySet().retainAll(Arm.TOKEN_KEYS);
    return today;
  }
}
