package dev.tiebreak.bindings.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which algorithm was fastest for which shape. An algorithm is 64 opaque bytes that mean something
 * to one version of cuBLASLt on one kind of GPU, so a table is for one of these. As text:
 *
 * <pre>
 * cuBLASLt 13.0.2 on NVIDIA H100 80GB HBM3
 * false true 16384 6144 2048 2048 2048 6144 BFLOAT16 BFLOAT16 1 0 0 0 = 4300000000000000...
 * </pre>
 */
public final class GemmTable {
  private static final String EQUALS = " = ";

  private final String title;
  private final Map<String, byte[]> algorithms = new TreeMap<>();

  /** An empty table for a version of cuBLASLt and a GPU. */
  public GemmTable(String version, String gpu) {
    title = String.format(Locale.ROOT, "cuBLASLt %s on %s", version, gpu);
  }

  /**
   * Adds what the file has; a file that is not there or is for another version or GPU has nothing.
   *
   * @throws IOException if it cannot be read or a line is no such line
   */
  public void load(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(title)) {
      return;
    }
    for (String line : lines.subList(1, lines.size())) {
      try {
        String[] sides = line.split(EQUALS, 2);
        put(GemmKey.parse(sides[0]), HexFormat.of().parseHex(sides[1]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(
            String.format(Locale.ROOT, "%s is damaged, delete it: it has the line %s", file, line),
            e);
      }
    }
  }

  /** Writes all of it, in order, in place of the file; its folder is there. */
  public void save(Path file) throws IOException {
    var text = new StringBuilder(title).append('\n');
    algorithms.forEach((key, algorithm) ->
        text.append(key).append(EQUALS).append(HexFormat.of().formatHex(algorithm)).append('\n'));
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** How many shapes it has. */
  public int size() {
    return algorithms.size();
  }

  Optional<byte[]> get(GemmKey key) {
    return Optional.ofNullable(algorithms.get(key.line()));
  }

  void put(GemmKey key, byte[] algorithm) {
    algorithms.put(key.line(), algorithm);
  }
}
