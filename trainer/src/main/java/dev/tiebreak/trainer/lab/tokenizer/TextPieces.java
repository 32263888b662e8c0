package dev.tiebreak.trainer.lab.tokenizer;

import java.util.function.Consumer;

/**
 * A text that may be longer than memory, handed over piece by piece, in order, as often as asked.
 * Pieces are cut where no token of any tokenizer spans the cut.
 */
@FunctionalInterface
public interface TextPieces {
  /** Hands every piece to the consumer. */
  void forEach(Consumer<String> consumer);

  /** A text that is in memory, as one piece. */
  static TextPieces of(String text) {
    return consumer -> consumer.accept(text);
  }
}
