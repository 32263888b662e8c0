package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Hashes and measures a text while it is read. */
final class TextMeter implements TextSource.Sink {
  private static final byte[] SEVERAL = "documents\n".getBytes(StandardCharsets.UTF_8);

  private final MessageDigest ended = Sha256.digest(); // of the documents before the present one
  private MessageDigest present;
  private long documents;
  private long bytes;

  TextMeter() {
    ended.update(SEVERAL);
  }

  @Override
  public void document(String name) {
    if (documents > 0) {
      ended.update(present.digest());
    }
    present = Sha256.digest();
    documents++;
  }

  @Override
  public void text(String piece) {
    byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
    present.update(utf8);
    bytes += utf8.length;
  }

  /** What was read; to be called once, at the end. */
  TextStats stats() {
    if (documents > 1) {
      ended.update(present.digest());
    }
    return new TextStats(documents, bytes, Sha256.hex(documents == 1 ? present : ended));
  }
}
