package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.LineWriter;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.study.Prompts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code completions.jsonl}: every text that was written, a {@link CompletionLine} each, kept as
 * soon as it is there, so that a killed program does not write it again. Safe for several threads.
 *
 * <p>A text is found by its fingerprint, so one of other weights or settings is not taken.
 */
final class CompletionCache implements AutoCloseable {
  private static final String WHAT = "the completions";

  private final Path file;
  private final Prompts prompts;
  private final Map<String, CompletionLine> lines = new HashMap<>(); // by fingerprint
  private final LineWriter writer;

  private CompletionCache(Path file, Prompts prompts) {
    this.file = file;
    this.prompts = prompts;
    this.writer = LineWriter.openPrivate(file, WHAT);
    try {
      CompletionLine.FORMAT.forEach(file, (line, _) -> lines.put(line.fingerprint(), line));
    } catch (UserError e) {
      writer.close();
      throw e;
    }
  }

  /**
   * Opens the file, or makes it.
   *
   * @param prompts of the study, for the ids in the lines
   * @throws UserError if it cannot be read or written, or is damaged
   */
  static CompletionCache open(Path file, Prompts prompts) {
    return new CompletionCache(file, prompts);
  }

  /** The text of that fingerprint, if it is there. */
  synchronized Optional<Completion> find(CompletionRequest request, String fingerprint) {
    return Optional.ofNullable(lines.get(fingerprint))
        .map(line -> new Completion(request, fingerprint, line.text(), line.statistics()));
  }

  /** Keeps a text. */
  synchronized void add(Completion completion) {
    CompletionLine line = line(completion);
    writer.append(CompletionLine.FORMAT.line(line));
    lines.put(completion.fingerprint(), line);
  }

  /** Closes the file and leaves these texts in it, in their order: the same bytes each time. */
  synchronized void finish(Collection<Completion> all) {
    close();
    try {
      AtomicFiles.writePrivate(
          file, CompletionLine.FORMAT.text(all.stream().map(this::line).toList()));
    } catch (IOException e) {
      throw UserError.io("write " + WHAT, file, e);
    }
  }

  private CompletionLine line(Completion completion) {
    CompletionRequest request = completion.request();
    return new CompletionLine(
        request.run(),
        request.temperature(),
        prompts.all().get(request.prompt()).id(),
        request.sample(),
        completion.text(),
        completion.statistics(),
        completion.fingerprint());
  }

  @Override
  public void close() {
    writer.close();
  }
}
