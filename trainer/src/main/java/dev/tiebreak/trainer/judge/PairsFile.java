package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code pairs.jsonl}: what is judged, by whatever program it was made. Fields other than those of
 * {@link JudgedPair} are not read, so they can reach no judge.
 */
public final class PairsFile {
  /** The usual name of the file. */
  public static final String NAME = JudgedPair.FILE;

  private final Map<String, JudgedPair> pairs; // by id, in the order of the file
  private final String hash;

  private PairsFile(Map<String, JudgedPair> pairs, String hash) {
    this.pairs = Collections.unmodifiableMap(pairs);
    this.hash = hash;
  }

  /**
   * Reads a file in full.
   *
   * @throws UserError if it cannot be read, a line is not a pair, or an id comes twice
   */
  public static PairsFile read(Path file) {
    Map<String, JudgedPair> pairs = new LinkedHashMap<>();
    JudgedPair.read(file).forEach(pair -> pairs.put(pair.pair(), pair));
    return new PairsFile(pairs, Sha256.of(file));
  }

  /** All pairs, in the order of the file. */
  public Collection<JudgedPair> all() {
    return pairs.values();
  }

  /**
   * The pair of that id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public JudgedPair get(String id) {
    JudgedPair pair = pairs.get(id);
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
