package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongPredicate;

/** Turns documents into tokens, with a separator between them. */
final class Encoder {
  private final Tokenizer tokenizer;
  private final TokenWriter writer;

  Encoder(Tokenizer tokenizer, TokenWriter writer) {
    this.tokenizer = tokenizer;
    this.writer = writer;
  }

  /**
   * Writes the tokens of some documents of a text.
   *
   * @param expected what the text was when it was last read
   * @param chosen takes the number of a document, from 0
   * @throws dev.tiebreak.trainer.base.UserError if the text is another now
   */
  void append(TextSource text, TextStats expected, LongPredicate chosen) throws IOException {
    TextMeter meter = new TextMeter();
    ChosenDocuments encoded =
        new ChosenDocuments(chosen) {
          @Override
          void separate() {
            write(separator());
          }

          @Override
          void add(String piece) {
            write(tokenizer.encode(piece));
          }
        };
    try {
      text.read(TextSource.Sink.both(meter, encoded));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Check.user(
        meter.stats().equals(expected),
        "the text changed while it was read; start again when it is complete");
  }

  private int[] separator() {
    return tokenizer.endOfText().isPresent()
        ? new int[] {tokenizer.endOfText().getAsInt()}
        : tokenizer.encode(TextSource.SEPARATOR);
  }

  private void write(int[] ids) {
    try {
      writer.write(ids);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
