package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.base.toml.Toml;
import dev.tiebreak.trainer.base.toml.TomlLayers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The models that judge, from a TOML file with a table {@code [[judge]]} for each.
 *
 * @param judges one or more, of different names
 */
public record Panel(List<LlmJudge> judges) {
  private static final String JUDGE = "judge";
  private static final String USUAL =
      """
      key_env = ""
      price_in = 0
      price_out = 0
      send_temperature = true
      temperature = 0
      max_tokens = 512
      limit_name = "max_tokens"
      concurrency = 4
      timeout_seconds = 120
      """;

  public Panel {
    judges = List.copyOf(judges);
  }

  /**
   * Reads a panel.
   *
   * @throws UserError if the file cannot be read or a value is wrong; it names the key
   */
  public static Panel read(Path file) {
    JsonNode tree = TomlLayers.read(file, "the panel");
    for (String name : tree.propertyNames()) {
      if (!name.equals(JUDGE)) {
        throw new UserError(
            Words.of("%s (%s) means nothing; a panel is tables [[judge]]", name, file));
      }
    }
    if (!tree.path(JUDGE).isArray() || tree.path(JUDGE).isEmpty()) {
      throw new UserError(Words.of("%s names no judge; add a table [[judge]] for each", file));
    }
    List<LlmJudge> judges = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode table : tree.path(JUDGE)) {
      String origin = Words.of("%s, judge %d", file, judges.size() + 1);
      LlmJudge judge =
          TomlLayers.of(LlmJudge.class, JUDGE + ".", List.of())
              .add(Toml.parse(USUAL, origin), Set.of(), origin)
              .add(table, Set.of(), origin)
              .bind(origin);
      if (!names.add(judge.name())) {
        throw new UserError(
            Words.of(
                "two judges of %s are called %s; give each a name of its own", file, judge.name()));
      }
      judges.add(judge);
    }
    return new Panel(judges);
  }
}
