package dev.tiebreak.trainer.ballot.pairs;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code key.jsonl}: which text is whose. Its first line holds the salt and the hashes of what it
 * belongs to, each further line a {@link KeyEntry}. Readable by its owner only; its hash is in
 * {@code pairs-manifest.json}, so that whoever has seen that file can tell whether it was changed.
 *
 * <p>It is begun, with the salt alone, before any text is written: a program that is killed and
 * started again draws the same.
 *
 * @param salt that ids, sides and order were drawn from
 * @param planHash of {@code study.toml}
 * @param promptsHash of the prompts' file
 * @param pairsHash of {@code pairs.jsonl}
 * @param entries all pairs, comparison by comparison, those too that a rule decided
 */
public record PairKey(
    Salt salt, String planHash, String promptsHash, String pairsHash, List<KeyEntry> entries) {
  private static final String SALT = "salt";
  private static final String PLAN = "plan_sha256";
  private static final String PROMPTS = "prompts_sha256";
  private static final String PAIRS = "pairs_sha256";

  /** Copies the list. */
  public PairKey {
    entries = List.copyOf(entries);
  }

  /** All lines; equal keys have equal lines. */
  public String text() {
    ObjectNode header = JsonMapper.shared().createObjectNode();
    header.put(SALT, salt.hex());
    header.put(PLAN, planHash);
    header.put(PROMPTS, promptsHash);
    header.put(PAIRS, pairsHash);
    StringBuilder text = new StringBuilder(header + "\n");
    entries.forEach(entry -> text.append(entry.toJson()).append('\n'));
    return text.toString();
  }

  /** Writes a file that holds the salt and nothing else yet. */
  public static void begin(Path file, Salt salt) {
    write(file, JsonMapper.shared().createObjectNode().put(SALT, salt.hex()) + "\n");
  }

  public static void write(Path file, String text) {
    try {
      AtomicFiles.writePrivate(file, text);
    } catch (IOException e) {
      throw UserError.io("write the key", file, e);
    }
  }

  /**
   * The salt in a file, also in one that is only begun.
   *
   * @return empty if there is no file
   * @throws UserError if the file is damaged
   */
  public static Optional<Salt> saltIn(Path file) {
    return Files.exists(file) ? Optional.of(salt(file, lines(file).getFirst())) : Optional.empty();
  }

  /** Whether there is a file with all its lines. */
  public static boolean isComplete(Path file) {
    return Files.exists(file) && lines(file).getFirst().has(PAIRS);
  }

  /**
   * Reads a key.
   *
   * @throws UserError if the file is missing, not finished or damaged
   */
  public static PairKey read(Path file) {
    List<JsonNode> lines = lines(file);
    JsonNode header = lines.getFirst();
    if (!header.has(PAIRS)) {
      throw new UserError(
          "the key " + file + " is begun but not finished; go on making the pairs",
          Remedy.step(Remedy.Kind.PAIRS));
    }
    try {
      return new PairKey(
          salt(file, header),
          header.required(PLAN).asString(),
          header.required(PROMPTS).asString(),
          header.required(PAIRS).asString(),
          lines.stream().skip(1).map(KeyEntry::of).toList());
    } catch (JacksonException | IllegalArgumentException e) {
      throw damaged(file, e);
    }
  }

  private static Salt salt(Path file, JsonNode header) {
    return Salt.parse(header.path(SALT).asString(""), file.toString());
  }

  private static List<JsonNode> lines(Path file) {
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : Files.readString(file).split("\n")) {
        lines.add(JsonMapper.shared().readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw UserError.io("read the key", file, e);
    } catch (JacksonException e) {
      throw damaged(file, e);
    }
  }

  private static UserError damaged(Path file, Exception cause) {
    return new UserError(
        Words.of(
            "the key %s is damaged; restore it from a copy, without it the judgments mean nothing",
            file),
        cause);
  }
}
