package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reading TOML: whole texts and single values. */
public final class Toml {
  private static final TomlMapper MAPPER = new TomlMapper();

  private Toml() {}

  /**
   * @param origin where the text is from, in words
   * @throws UserError naming the line, if the text is not TOML
   */
  public static JsonNode parse(String toml, String origin) {
    try {
      return MAPPER.readTree(toml);
    } catch (JacksonException e) {
      throw new UserError(
          Words.of(
              "%s, near line %d: %s; correct the TOML there",
              origin,
              e.getLocation().getLineNr(),
              e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  /** A value, or the text itself where it is not TOML: text needs no quotes. */
  public static JsonNode value(String text) {
    try {
      JsonNode tree = MAPPER.readTree("value = " + text);
      if (tree.size() == 1 && !tree.get("value").isObject()) {
        return tree.get("value");
      }
    } catch (JacksonException e) {
      // not TOML: text without quotes
    }
    return StringNode.valueOf(text);
  }
}
