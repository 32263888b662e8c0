package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.JsonLines;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private static final JsonLines<Prompt> FORMAT =
      JsonLines.of(
          Prompt.class,
          "the prompts",
          "write lines as {\"id\": \"story-01\", \"kind\": \"story\", \"text\": \"Once upon\"}");

  /** Copies the list. */
  public Prompts {
    all = List.copyOf(all);
  }

  /**
   * Reads a file.
   *
   * @throws dev.tiebreak.trainer.base.UserError if it cannot be read, holds no prompt, or a line is
   *     not a prompt or repeats an id or a text; the message names the line
   */
  public static Prompts read(Path file) {
    Reading reading = new Reading();
    FORMAT.forEach(file, reading::add);
    return reading.prompts(file.toString(), Sha256.of(file));
  }

  /** The 64 prompts that come with this program, of five kinds. */
  public static Prompts builtIn() {
    return parse(Resources.text(Prompts.class, RESOURCE), RESOURCE);
  }

  static Prompts parse(String content, String file) {
    Reading reading = new Reading();
    FORMAT.forEach(content, file, reading::add);
    return reading.prompts(file, Sha256.of(content));
  }

  /** The prompts of a file so far. */
  private static final class Reading {
    private final List<Prompt> prompts = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>(); // to line numbers
    private final Map<String, Integer> texts = new HashMap<>();

    void add(Prompt prompt, int line) {
      requireNew(ids.putIfAbsent(prompt.id(), line), "id '" + prompt.id() + "'");
      requireNew(texts.putIfAbsent(prompt.text(), line), "text");
      prompts.add(prompt);
    }

    private static void requireNew(Integer earlier, String what) {
      Check.argument(
          earlier == null, "the %s is that of line %d; every prompt needs its own", what, earlier);
    }

    Prompts prompts(String file, String sha256) {
      Check.user(!prompts.isEmpty(), "%s holds no prompt; write one per line", file);
      return new Prompts(prompts, sha256);
    }
  }
}
