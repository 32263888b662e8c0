package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;

/** Writes the content of a {@link TokenFile}, and counts and hashes it on the way. */
final class TokenWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  private final int bytesPerToken;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final MessageDigest digest = Sha256.digest();
  private WritableByteChannel channel;
  private long tokens;
  private String sha256;

  TokenWriter(int bytesPerToken) {
    this.bytesPerToken = bytesPerToken;
  }

  /** Says where the bytes go. */
  void start(WritableByteChannel channel) {
    this.channel = channel;
  }

  void write(int... ids) throws IOException {
    for (int id : ids) {
      if (buffer.remaining() < bytesPerToken) {
        drain();
      }
      if (bytesPerToken == Short.BYTES) {
        buffer.putShort((short) id);
      } else {
        buffer.putInt(id);
      }
    }
    tokens += ids.length;
  }

  /** Writes what is left; to be called once, after the last token. */
  void finish() throws IOException {
    drain();
    sha256 = Sha256.hex(digest);
  }

  int bytesPerToken() {
    return bytesPerToken;
  }

  long tokens() {
    return tokens;
  }

  /** The hash of all bytes, once finished. */
  String sha256() {
    return sha256;
  }

  private void drain() throws IOException {
    buffer.flip();
    digest.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
