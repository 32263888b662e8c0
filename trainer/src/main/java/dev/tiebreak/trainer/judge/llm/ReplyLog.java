package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.DurableLines;
import dev.tiebreak.trainer.base.UserError;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code llm-replies.jsonl}: every reply, on the disk as soon as it is there, so that nothing is
 * asked or paid for twice. Votes are made of nothing else. Safe for several threads.
 */
public final class ReplyLog implements AutoCloseable {
  /** The name of the file in a folder of pairs. */
  public static final String NAME = "llm-replies.jsonl";

  private final DurableLines lines;
  private final List<Reply> replies = new ArrayList<>();
  private final Map<Reply.Id, Reply> byId = new HashMap<>(); // whole ones

  private ReplyLog(Path file, DurableLines lines) {
    this.lines = lines;
    Reply.FORMAT.forEach(file, (reply, _) -> remember(reply));
  }

  /**
   * Opens a file, or makes it.
   *
   * @throws UserError if it cannot be read or written, a line is damaged, or another process has it
   *     open
   */
  public static ReplyLog open(Path file) {
    DurableLines lines = DurableLines.open(file, "the replies");
    try {
      return new ReplyLog(file, lines);
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  private void remember(Reply reply) {
    replies.add(reply);
    if (!reply.lost()) {
      byId.put(reply.id(), reply);
    }
  }

  synchronized void add(Reply reply) {
    lines.append(Reply.FORMAT.line(reply));
    remember(reply);
  }

  /** The whole reply to a request, if there is one. */
  synchronized Optional<Reply> find(Reply.Id id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All of them, lost ones too. */
  synchronized List<Reply> all() {
    return List.copyOf(replies);
  }

  /** What all of them cost. */
  synchronized BigDecimal cost() {
    return replies.stream().map(Reply::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Override
  public void close() {
    lines.close();
  }
}
