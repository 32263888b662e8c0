package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The prompts of a study, from a file with one JSON object per line: {@code {"id": "story-01",
 * "kind": "story", "text": "Once upon"}}. The place of a prompt in the file is its number in the
 * stream of random numbers, so a file that was used must not be sorted anew.
 *
 * @param all in the order of the file
 * @param sha256 of the file's bytes
 */
public record Prompts(List<Prompt> all, String sha256) {
  private static final String RESOURCE = "prompts.jsonl";
  private static final Set<String> FIELDS = Set.of("id", "kind", "text");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Copies the list. */
  public Prompts {
    all = List.copyOf(all);
  }

  /**
   * Reads a file.
   *
   * @throws UserError if it cannot be read, holds no prompt, or a line is not a prompt or repeats
   *     an id or a text; the message names the line
   */
  public static Prompts read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (CharacterCodingException e) {
      throw new UserError(Words.of("the prompts in %s are not UTF-8; convert them", file), e);
    } catch (IOException e) {
      throw UserError.io("read the prompts", file, e);
    }
  }

  /** The 64 prompts that come with this program, of five kinds. */
  public static Prompts builtIn() {
    return parse(builtInText(), RESOURCE);
  }

  /**
   * Writes the prompts that come with this program to a file.
   *
   * @throws UserError if it cannot be written
   */
  public static void writeBuiltIn(Path file) {
    try {
      AtomicFiles.writeString(file, builtInText());
    } catch (IOException e) {
      throw UserError.io("write the prompts", file, e);
    }
  }

  private static String builtInText() {
    try (InputStream in = Prompts.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Prompts parse(String content, String file) {
    List<Prompt> prompts = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>(); // to line numbers
    Map<String, Integer> texts = new HashMap<>();
    int number = 0;
    for (String line : content.split("\n", -1)) {
      String where = Words.of("%s, line %d: ", file, ++number);
      if (line.isBlank()) {
        continue;
      }
      Prompt prompt = prompt(line, where);
      requireNew(ids.putIfAbsent(prompt.id(), number), where, "id '" + prompt.id() + "'");
      requireNew(texts.putIfAbsent(prompt.text(), number), where, "text");
      prompts.add(prompt);
    }
    if (prompts.isEmpty()) {
      throw new UserError(Words.of("%s holds no prompt; write one per line", file));
    }
    return new Prompts(prompts, Sha256.of(content));
  }

  private static void requireNew(Integer earlier, String where, String what) {
    require(
        earlier == null,
        where,
        "the %s is that of line %d; every prompt needs its own",
        what,
        earlier);
  }

  private static Prompt prompt(String line, String where) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      throw new UserError(
          where
              + "not JSON; write {\"id\": \"story-01\", \"kind\": \"story\", \"text\": \"Once upon\"}",
          e);
    }
    require(
        json.isObject(),
        where,
        "not a JSON object; write {\"id\": ..., \"kind\": ..., \"text\": ...}");
    for (String name : json.propertyNames()) {
      require(
          FIELDS.contains(name), where, "'%s' is unknown; a prompt has id, kind and text", name);
    }
    Prompt prompt =
        new Prompt(
            field(json, "id", where), field(json, "kind", where), field(json, "text", where));
    require(
        ID.matcher(prompt.id()).matches(),
        where,
        "the id '%s' must be letters, digits, dots, hyphens and underscores",
        prompt.id());
    String text = prompt.text();
    require(
        text.equals(text.stripTrailing()),
        where,
        "the text ends in white space, which most tokenizers see as the start of the next word; remove it");
    return prompt;
  }

  private static String field(JsonNode json, String name, String where) {
    JsonNode value = json.path(name);
    require(
        value.isString() && !value.asString().isBlank(),
        where,
        "'%s' must be a text that is not empty",
        name);
    return value.asString();
  }

  private static void require(boolean holds, String where, String message, Object... values) {
    if (!holds) {
      throw new UserError(where + Words.of(message, values));
    }
  }
}
