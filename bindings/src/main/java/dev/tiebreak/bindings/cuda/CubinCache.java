package dev.tiebreak.bindings.cuda;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Compiled kernels on disk, one file each, named by what they were made from. A file ends with the
 * SHA-256 of what comes before it: one that is broken counts as absent and is written anew. A cache
 * that cannot be written is no error, only slow; it is logged.
 *
 * @param folder made when the first file is written
 */
record CubinCache(Path folder) {
  private static final System.Logger LOG = System.getLogger("dev.tiebreak.bindings.cuda");
  private static final int HASH_BYTES = 32;

  /**
   * The SHA-256 of source, options and compiler, each with its length, so that none runs into
   * another.
   */
  static String key(String source, List<String> options, String compiler) {
    MessageDigest hash = sha256();
    add(hash, source);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(options.size()).flip());
    options.forEach(option -> add(hash, option));
    add(hash, compiler);
    return HexFormat.of().formatHex(hash.digest());
  }

  private static void add(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    hash.update(bytes);
  }

  Optional<byte[]> read(String key) {
    try {
      byte[] file = Files.readAllBytes(file(key));
      int length = file.length - HASH_BYTES;
      if (length < 0) {
        return Optional.empty();
      }
      byte[] cubin = Arrays.copyOf(file, length);
      boolean whole =
          Arrays.equals(sha256().digest(cubin), Arrays.copyOfRange(file, length, file.length));
      return whole ? Optional.of(cubin) : Optional.empty();
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read a compiled kernel: {0}", e.toString());
      return Optional.empty();
    }
  }

  void write(String key, byte[] cubin) {
    try {
      Files.createDirectories(folder);
      AtomicFile.write(file(key), cubin, sha256().digest(cubin));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot keep a compiled kernel: {0}", e.toString());
    }
  }

  private Path file(String key) {
    return folder.resolve(key + ".cubin");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
