package dev.tiebreak.bindings;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Native libraries, copied out of jars into a folder of the user so that they can be loaded.
 *
 * <p>Libraries that belong together share a folder named by the hash of their content, so versions
 * never mix. A copy is made in a temporary file that is moved into place when it is whole, and is
 * checked by size and CRC-32 each time before it is used: a broken one is replaced. The checksum is
 * the one in the jar's directory, so nothing is unpacked to compare, and it guards against
 * accidents, not against someone who can write to the user's folders.
 *
 * @param home where the folders are made
 */
record NativeCache(Path home) {

  /** The cache of this user. */
  static NativeCache ofThisUser() {
    return new NativeCache(CacheFolder.ofThisUser().resolve("native"));
  }

  /**
   * Puts whole copies of the libraries into one folder and returns their paths, in the same order.
   * Where the cache cannot be written they go to a temporary folder that is removed at exit.
   *
   * @throws IOException if no place can be written, or a library cannot be read
   */
  List<Path> unpack(String name, List<URL> libraries) throws IOException {
    var stamps = new LinkedHashMap<URL, Stamp>();
    for (URL library : libraries) {
      stamps.put(library, Stamp.of(library));
    }
    var hash = new CRC32();
    hash.update(stamps.values().toString().getBytes(StandardCharsets.UTF_8));
    Path folder = home.resolve(String.format(Locale.ROOT, "%s-%08x", name, hash.getValue()));
    try {
      return unpackInto(Files.createDirectories(folder), stamps);
    } catch (IOException cacheFailed) {
      try {
        Path temporary = Files.createTempDirectory("tiebreak-native-");
        temporary.toFile().deleteOnExit();
        List<Path> copies = unpackInto(temporary, stamps);
        copies.forEach(copy -> copy.toFile().deleteOnExit());
        return copies;
      } catch (IOException temporaryFailed) {
        temporaryFailed.addSuppressed(cacheFailed);
        throw temporaryFailed;
      }
    }
  }

  private static List<Path> unpackInto(Path folder, Map<URL, Stamp> libraries) throws IOException {
    for (var library : libraries.entrySet()) {
      Path copy = folder.resolve(fileName(library.getKey()));
      if (!Files.isRegularFile(copy) || !Stamp.of(copy).equals(library.getValue())) {
        write(library.getKey(), copy, library.getValue());
      }
    }
    return libraries.keySet().stream().map(library -> folder.resolve(fileName(library))).toList();
  }

  private static String fileName(URL library) {
    return library.getPath().substring(library.getPath().lastIndexOf('/') + 1);
  }

  private static void write(URL source, Path target, Stamp expected) throws IOException {
    Path unfinished = Files.createTempFile(target.getParent(), ".unfinished-", null);
    try {
      try (InputStream in = source.openStream();
          FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        in.transferTo(Channels.newOutputStream(channel));
        channel.force(true);
      }
      if (!Stamp.of(unfinished).equals(expected)) {
        throw new IOException("the copy of " + source + " is not what the jar says");
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Size in bytes and CRC-32 of a content. */
  private record Stamp(long bytes, long crc) {

    static Stamp of(URL source) throws IOException {
      var connection = source.openConnection();
      if (connection instanceof JarURLConnection jar) {
        return new Stamp(jar.getJarEntry().getSize(), jar.getJarEntry().getCrc());
      }
      try (InputStream in = connection.getInputStream()) {
        return of(in);
      }
    }

    static Stamp of(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return of(in);
      }
    }

    private static Stamp of(InputStream in) throws IOException {
      var crc = new CRC32();
      byte[] buffer = new byte[1 << 18];
      long bytes = 0;
      for (int read; (read = in.read(buffer)) >= 0; bytes += read) {
        crc.update(buffer, 0, read);
      }
      return new Stamp(bytes, crc.getValue());
    }
  }
}
