package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.Sha256;
import dev.tiebreak.trainer.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code pairs.jsonl}: what is judged, a pair in each line, by whatever program it was made. Fields
 * other than those of {@link JudgePair} are not read, so they can reach no judge.
 */
public final class PairsFile {
  /** The usual name of the file. */
  public static final String NAME = "pairs.jsonl";

  private final Map<String, JudgePair> pairs; // by id, in the order of the file
  private final String hash;

  private PairsFile(Map<String, JudgePair> pairs, String hash) {
    this.pairs = Collections.unmodifiableMap(pairs);
    this.hash = hash;
  }

  /**
   * Reads a file in full.
   *
   * @throws UserError if it cannot be read, a line is not a pair, or an id comes twice
   */
  public static PairsFile read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw UserError.io("read the pairs", file, e);
    }
    Map<String, JudgePair> pairs = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.split("\n")) { // not by lines(): a text may hold other line ends
      number++;
      if (line.isBlank()) {
        continue;
      }
      JudgePair pair = parse(line, file, number);
      if (pairs.putIfAbsent(pair.id(), pair) != null) {
        throw new UserError(
            "line %d of %s: the pair %s is there twice; give each an id of its own"
                .formatted(number, file, pair.id()));
      }
    }
    if (pairs.isEmpty()) {
      throw new UserError("there are no pairs in %s; nothing can be judged".formatted(file));
    }
    return new PairsFile(pairs, Sha256.of(text));
  }

  private static JudgePair parse(String line, Path file, int number) {
    try {
      JsonNode json = JsonMapper.shared().readTree(line);
      return new JudgePair(
          field(json, "pair"),
          field(json, "prompt"),
          field(json, "prompt_text"),
          field(json, "left"),
          field(json, "right"),
          field(json, "left_id"),
          field(json, "right_id"));
    } catch (JacksonException e) {
      throw new UserError(
          "line %d of %s is not a line of JSON; mend or make the file again"
              .formatted(number, file),
          e);
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "line %d of %s: %s; a line needs pair, prompt, prompt_text, left, right, left_id,"
                  .formatted(number, file, e.getMessage())
              + " right_id",
          e);
    }
  }

  private static String field(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isString()) {
      throw new IllegalArgumentException("there is no text \"" + name + "\"");
    }
    return value.stringValue();
  }

  /** All pairs, in the order of the file. */
  public Collection<JudgePair> all() {
    return pairs.values();
  }

  /**
   * The pair of that id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public JudgePair get(String id) {
    JudgePair pair = pairs.get(id);
    if (pair == null) {
      throw new IllegalArgumentException("there is no pair " + id);
    }
    return pair;
  }

  /** SHA-256 of the whole file. */
  public String hash() {
    return hash;
  }
}
