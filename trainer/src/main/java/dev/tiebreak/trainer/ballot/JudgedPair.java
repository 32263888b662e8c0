package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line of {@code pairs.jsonl}, whatever program made it.
 *
 * @param pair its id
 * @param prompt id of the prompt
 * @param promptText what both texts continue, verbatim
 * @param left the one text, verbatim
 * @param right the other
 * @param leftId opaque id of the left text
 * @param rightId opaque id of the right text
 */
public record JudgedPair(
    String pair,
    String prompt,
    String promptText,
    String left,
    String right,
    String leftId,
    String rightId) {
  /** The name of the file in its folder. */
  public static final String FILE = "pairs.jsonl";

  private static final String REMEDY = "nothing was read; make the pairs again";

  /** The same texts on exchanged sides. */
  public JudgedPair swapped() {
    return new JudgedPair(pair, prompt, promptText, right, left, rightId, leftId);
  }

  /**
   * The pairs of a file, in its order.
   *
   * @throws UserError if it cannot be read, is empty, or naming the first ten lines at fault
   */
  public static List<JudgedPair> read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new UserError(file + " is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw UserError.io("read the pairs", file, e);
    }
    return parse(Votes.withoutMark(text), file.toString());
  }

  private static List<JudgedPair> parse(String text, String origin) {
    Faults faults = new Faults();
    List<JudgedPair> pairs = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    int number = 0;
    for (String line : text.split("\r?\n")) {
      int at = ++number;
      if (!line.isBlank()) {
        parse(line, at, faults)
            .ifPresent(pair -> {
              if (!ids.add(pair.pair())) {
                faults.add(at, "a second pair with the id " + Faults.quoted(pair.pair()));
              }
              pairs.add(pair);
            });
      }
    }
    if (pairs.isEmpty() && faults.isEmpty()) {
      faults.add("there are no pairs");
    }
    faults.throwIfAny(origin, REMEDY);
    return pairs;
  }

  private static Optional<JudgedPair> parse(String line, int number, Faults faults) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      faults.add(number, "not JSON");
      return Optional.empty();
    }
    List<String> missing =
        Stream.of("pair", "prompt", "prompt_text", "left", "right", "left_id", "right_id")
            .filter(name -> !json.path(name).isString())
            .toList();
    if (!missing.isEmpty()) {
      faults.add(number, "no text " + String.join(", ", missing));
      return Optional.empty();
    }
    return Optional.of(
        new JudgedPair(
            json.get("pair").stringValue(),
            json.get("prompt").stringValue(),
            json.get("prompt_text").stringValue(),
            json.get("left").stringValue(),
            json.get("right").stringValue(),
            json.get("left_id").stringValue(),
            json.get("right_id").stringValue()));
  }
}
