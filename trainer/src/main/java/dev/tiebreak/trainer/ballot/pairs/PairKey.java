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
  /** Copies the list. */
  public PairKey {
    entries = List.copyOf(entries);
  }

  /** All lines; equal keys have equal lines. */
  public String text() {
    List<KeyLine> lines = new ArrayList<>();
    lines.add(
        new KeyLine.Header(
            salt.hex(), Optional.of(planHash), Optional.of(promptsHash), Optional.of(pairsHash)));
    lines.addAll(entries);
    return KeyLine.FORMAT.text(lines);
  }

  /** Writes a file that holds the salt and nothing else yet. */
  public static void begin(Path file, Salt salt) {
    Optional<String> open = Optional.empty();
    write(file, KeyLine.FORMAT.text(List.of(new KeyLine.Header(salt.hex(), open, open, open))));
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
    return headerIn(file).map(header -> Salt.parse(header.salt(), file.toString()));
  }

  /** Whether there is a file with all its lines. */
  public static boolean isComplete(Path file) {
    return headerIn(file).filter(KeyLine.Header::isComplete).isPresent();
  }

  private static Optional<KeyLine.Header> headerIn(Path file) {
    return Files.exists(file)
        ? Optional.of(header(KeyLine.FORMAT.read(file), file))
        : Optional.empty();
  }

  private static KeyLine.Header header(List<KeyLine> lines, Path file) {
    if (!lines.isEmpty() && lines.getFirst() instanceof KeyLine.Header header) {
      return header;
    }
    throw new UserError(
        Words.of(
            "the key %s is damaged: its first line is missing; restore it from a copy, without it the judgments mean nothing",
            file));
  }

  /**
   * Reads a key.
   *
   * @throws UserError if the file is missing, not finished or damaged
   */
  public static PairKey read(Path file) {
    List<KeyLine> lines = KeyLine.FORMAT.read(file);
    KeyLine.Header header = header(lines, file);
    if (!header.isComplete()) {
      throw new UserError(
          "the key " + file + " is begun but not finished; go on making the pairs",
          Remedy.step(Remedy.Kind.PAIRS));
    }
    return new PairKey(
        Salt.parse(header.salt(), file.toString()),
        header.planSha256().orElseThrow(),
        header.promptsSha256().orElseThrow(),
        header.pairsSha256().orElseThrow(),
        lines.stream().skip(1).map(KeyEntry.class::cast).toList());
  }
}
