package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.Parameter;
import dev.tiebreak.trainer.base.Sha256;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.List;

/**
 * The fingerprint of a model: SHA-256 of the bytes of all weights' masters, in the model's order.
 */
public final class WeightsHash {
  private static final long BYTES_AT_ONCE = 1 << 20;

  private WeightsHash() {}

  /** The hash, 64 hexadecimal digits. */
  public static String of(List<Parameter> parameters) {
    MessageDigest digest = Sha256.digest();
    for (Parameter parameter : parameters) {
      MemorySegment data = parameter.master().copyOut();
      for (long at = 0; at < data.byteSize(); at += BYTES_AT_ONCE) {
        long count = Math.min(BYTES_AT_ONCE, data.byteSize() - at);
        digest.update(data.asSlice(at, count).asByteBuffer());
      }
    }
    return Sha256.hex(digest);
  }
}
