package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.LineWriter;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code completions.jsonl}: every text that was written, a {@link Completion} each, kept as soon
 * as it is there, so that a killed program does not write it again. Safe for several threads.
 *
 * <p>A text is found by its fingerprint, so one of other weights or settings is not taken.
 */
final class CompletionCache implements AutoCloseable {
  private static final String WHAT = "the completions";

  private final Path file;
  private final Map<String, Completion> lines = new HashMap<>(); // by fingerprint
  private final LineWriter writer;

  /**
   * Opens the file, or makes it.
   *
   * @throws UserError if it cannot be read or written, or is damaged
   */
  CompletionCache(Path file) {
    this.file = file;
    this.writer = LineWriter.openPrivate(file, WHAT);
    try {
      Completion.FORMAT.forEach(file, (line, _) -> lines.put(line.fingerprint(), line));
    } catch (UserError e) {
      writer.close();
      throw e;
    }
  }

  /** The text of that fingerprint, if it is there. */
  synchronized Optional<Completion> find(String fingerprint) {
    return Optional.ofNullable(lines.get(fingerprint));
  }

  /** Keeps a text. */
  synchronized void add(Completion completion) {
    writer.append(Completion.FORMAT.line(completion));
    lines.put(completion.fingerprint(), completion);
  }

  /** Closes the file and leaves these texts in it, in their order: the same bytes each time. */
  synchronized void finish(Collection<Completion> all) {
    close();
    try {
      AtomicFiles.writePrivate(file, Completion.FORMAT.text(List.copyOf(all)));
    } catch (IOException e) {
      throw UserError.io("write " + WHAT, file, e);
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
