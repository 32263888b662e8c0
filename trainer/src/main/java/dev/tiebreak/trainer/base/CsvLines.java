package dev.tiebreak.trainer.base;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Tables as CSV (RFC 4180): commas, quotes where they are needed, lines that end in LF. */
public final class CsvLines {
  private CsvLines() {}

  /** The file of lines of texts, the header among them. */
  public static String of(Iterable<? extends Iterable<String>> lines) {
    StringWriter text = new StringWriter();
    try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      lines.forEach(writer::writeRecord);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
