package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text is.
 *
 * @param documents how many texts it is made of
 * @param bytes size in bytes of UTF-8
 * @param sha256 hash of the text; where there are several documents, of the bytes "documents", a
 *     line end and the 32 bytes of each one's hash, so that no two texts share it
 */
record TextStats(long documents, long bytes, String sha256) {
  private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) ([0-9a-f]{64})\\s*");

  /** This text, and after it another. */
  TextStats and(TextStats other) {
    return new TextStats(
        documents + other.documents,
        bytes + other.bytes,
        Sha256.of(sha256 + " and " + other.sha256));
  }

  /** Reads what {@link #write} wrote; empty if there is nothing of that kind. */
  static Optional<TextStats> read(Path file) {
    try {
      Matcher line = LINE.matcher(Files.readString(file));
      return line.matches()
          ? Optional.of(
              new TextStats(
                  Long.parseLong(line.group(1)), Long.parseLong(line.group(2)), line.group(3)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    AtomicFiles.writeString(file, documents + " " + bytes + " " + sha256 + "\n");
  }
}
