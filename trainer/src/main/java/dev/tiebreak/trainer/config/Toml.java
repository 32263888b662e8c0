package dev.tiebreak.trainer.config;

import dev.tiebreak.trainer.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reading TOML: whole texts and single values. */
final class Toml {
  private static final TomlMapper MAPPER = new TomlMapper();

  private Toml() {}

  /** The text of a file that comes along with this package. */
  static String resource(String name) {
    try (InputStream in = Toml.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param origin where the text is from, in words
   * @throws UserError naming the line, if the text is not TOML
   */
  static JsonNode parse(String toml, String origin) {
    try {
      return MAPPER.readTree(toml);
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

  /** A value, or the text itself where it is not TOML: text needs no quotes. */
  static JsonNode value(String text) {
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
