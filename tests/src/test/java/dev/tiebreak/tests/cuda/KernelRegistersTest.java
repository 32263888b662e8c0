package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Every kernel compiles for the oldest and the newest GPU that we know, in both types, and none but
 * attention's spills registers. What each takes is written to {@code target/kernels.txt}.
 */
@EnabledIf(value = "compilerIsThere", disabledReason = "no nvcc on PATH or in /usr/local/cuda*")
class KernelRegistersTest {
  private static final List<String> ARCHITECTURES = List.of("sm_80", "sm_90a");
  private static final List<String> TYPES = List.of("TIEBREAK_F32", "TIEBREAK_BF16");
  private static final Path FOLDER = Path.of("target", "kernels");
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)'.*?(\\d+) bytes spill stores, (\\d+) bytes spill loads"
              + ".*?Used (\\d+) registers(?:[^\\n]*?(\\d+) bytes smem)?",
          Pattern.DOTALL);

  private record Entry(
      String file,
      String kernel,
      String type,
      String architecture,
      int registers,
      int spilledBytes,
      int sharedBytes) {
    String line() {
      return String.format(
          Locale.ROOT,
          "%-20s %-32s %-5s %-7s %9d %8d %7d",
          file,
          kernel,
          type,
          architecture,
          registers,
          spilledBytes,
          sharedBytes);
    }
  }

  static boolean compilerIsThere() {
    return compiler().isPresent();
  }

  private static Optional<Path> compiler() {
    String path = System.getenv().getOrDefault("PATH", "");
    Stream<Path> onPath = Stream.of(path.split(":")).map(Path::of);
    try (Stream<Path> toolkits = Files.list(Path.of("/usr/local"))) {
      List<Path> found =
          toolkits
              .filter(folder -> folder.getFileName().toString().startsWith("cuda"))
              .map(folder -> folder.resolve("bin"))
              .toList();
      return Stream.concat(onPath, found.stream())
          .map(folder -> folder.resolve("nvcc"))
          .filter(Files::isExecutable)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  void everyKernelCompilesAndNoneButAttentionSpills() throws IOException {
    List<Entry> entries =
        files().parallelStream()
            .flatMap(file -> TYPES.stream().flatMap(type -> compile(file, type)))
            .toList();
    String title = "%-20s %-32s %-5s %-7s registers  spilled  shared";
    List<String> table = new ArrayList<>();
    table.add(String.format(Locale.ROOT, title, "file", "kernel", "type", "for"));
    entries.forEach(entry -> table.add(entry.line()));
    Files.write(Path.of("target", "kernels.txt"), table);

    assertThat(entries).hasSizeGreaterThan(4 * files().size());
    assertThat(entries)
        .filteredOn(entry -> !entry.file.equals("Attention.cu"))
        .allSatisfy(entry -> assertThat(entry.spilledBytes).as(entry.line()).isZero());
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(SimulatedCuda.kernels())) {
      return files.filter(file -> file.toString().endsWith(".cu")).sorted().toList();
    }
  }

  private static Stream<Entry> compile(Path file, String type) {
    return ARCHITECTURES.stream()
        .flatMap(architecture -> {
          try {
            return compile(file, type, architecture).stream();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** What the assembler says of a file's kernels; kept, because it takes seconds. */
  private static List<Entry> compile(Path file, String type, String architecture)
      throws IOException {
    String name = file.getFileName().toString();
    String text = SimulatedCuda.prelude() + "#line 1 \"" + name + "\"\n" + Files.readString(file);
    Path log =
        FOLDER.resolve(
            String.format(Locale.ROOT, "%s-%s-%s-%08x.log", name, type, architecture, sum(text)));
    if (!Files.exists(log)) {
      Path place = Files.createDirectories(FOLDER.resolve(type + "-" + architecture));
      Path source = place.resolve(name);
      Files.writeString(source, text);
      List<String> command = new ArrayList<>();
      command.add(compiler().orElseThrow().toString());
      command.addAll(List.of("-std=c++17", "-arch=" + architecture, "-D" + type));
      command.addAll(List.of("-cubin", "-Xptxas", "-v", "-o", source + ".cubin"));
      command.add(source.toString());
      Files.write(log, SimulatedCuda.output(command));
    }
    return KERNEL
        .matcher(Files.readString(log))
        .results()
        .map(found -> entry(name, type.replace("TIEBREAK_", ""), architecture, found))
        .toList();
  }

  private static Entry entry(String file, String type, String architecture, MatchResult found) {
    int spilled = Integer.parseInt(found.group(2)) + Integer.parseInt(found.group(3));
    int shared = found.group(5) == null ? 0 : Integer.parseInt(found.group(5));
    int registers = Integer.parseInt(found.group(4));
    return new Entry(file, found.group(1), type, architecture, registers, spilled, shared);
  }

  private static long sum(String text) {
    var sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }
}
