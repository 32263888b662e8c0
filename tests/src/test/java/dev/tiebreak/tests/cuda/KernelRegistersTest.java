package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Every kernel compiles for the oldest and the newest GPU that we know, in both types, and none but
 * attention's spills registers. What each takes is written to {@code target/kernels.txt}.
 */
@Tag("slow")
@EnabledIf(value = "compilerIsThere", disabledReason = "no nvcc on PATH or in /usr/local/cuda*")
class KernelRegistersTest {
  private static final List<String> ARCHITECTURES = List.of("sm_80", "sm_90a");
  private static final List<String> TYPES = List.of("TIEBREAK_F32", "TIEBREAK_BF16");
  private static final Path FOLDER = Path.of("target", "kernels");
  private static final Pattern MACRO = Pattern.compile("^#define (\\w+)", Pattern.MULTILINE);
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
      return KernelRegistersTest.line(
          file, kernel, type, architecture, registers, spilledBytes, sharedBytes);
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
    String text = allKernels();
    List<Entry> entries =
        TYPES.stream()
            .flatMap(type -> ARCHITECTURES.stream().map(gpu -> List.of(type, gpu)))
            .parallel()
            .flatMap(target -> compile(text, target.getFirst(), target.getLast()))
            .sorted(Comparator.comparing(Entry::line))
            .toList();
    List<String> table = new ArrayList<>();
    table.add(line("file", "kernel", "type", "for", "registers", "spilled", "shared"));
    entries.forEach(entry -> table.add(entry.line()));
    Files.write(Path.of("target", "kernels.txt"), table);

    assertThat(entries.stream().map(Entry::file).distinct()).hasSameSizeAs(files());
    assertThat(entries).hasSizeGreaterThan(4 * files().size());
    assertThat(entries)
        .filteredOn(entry -> !entry.file.equals("Attention"))
        .allSatisfy(entry -> assertThat(entry.spilledBytes).as(entry.line()).isZero());
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(SimulatedCuda.kernels())) {
      return files.filter(file -> file.toString().endsWith(".cu")).sorted().toList();
    }
  }

  /**
   * One text, since most of the time that a small file takes goes to what nvcc puts in front of it.
   * Each file's part is a namespace with macros of its own. Kernels have C++ names here, so that
   * the compiler says whose they are.
   */
  private static String allKernels() throws IOException {
    var text = new StringBuilder(SimulatedCuda.prelude());
    for (Path file : files()) {
      String name = file.getFileName().toString();
      String part = Files.readString(file).replace("extern \"C\" ", "");
      text.append("\nnamespace ").append(name.replace(".cu", "")).append(" {\n");
      text.append("#line 1 \"").append(name).append("\"\n").append(part).append("\n}\n");
      MACRO
          .matcher(part)
          .results()
          .forEach(macro -> text.append("#undef " + macro.group(1) + "\n"));
    }
    return text.toString();
  }

  /** What the assembler says of all kernels; kept, because it takes seconds. */
  private static Stream<Entry> compile(String text, String type, String architecture) {
    try {
      List<String> command = new ArrayList<>(List.of(compiler().orElseThrow().toString()));
      command.addAll(List.of("-std=c++17", "-arch=" + architecture, "-D" + type));
      command.addAll(List.of("-cubin", "-Xptxas", "-v"));
      byte[] version = SimulatedCuda.output(List.of(command.getFirst(), "--version"));
      String hash = hash(text, command.toString(), new String(version, StandardCharsets.UTF_8));
      Path log = FOLDER.resolve(hash + ".log");
      if (!Files.exists(log)) {
        Path source = Files.createDirectories(FOLDER).resolve(hash + ".cu");
        Files.writeString(source, text);
        command.addAll(
            List.of("-o", FOLDER.resolve(hash + ".cubin").toString(), source.toString()));
        Files.write(log, SimulatedCuda.output(command));
      }
      return KERNEL
          .matcher(Files.readString(log))
          .results()
          .map(found -> entry(type.replace("TIEBREAK_", ""), architecture, found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Entry entry(String type, String architecture, MatchResult found) {
    String name = found.group(1); // _ZN4Gelu12gelu_forwardEPf...
    String file = part(name, 3);
    String kernel = part(name, name.indexOf(file) + file.length());
    int spilled = Integer.parseInt(found.group(2)) + Integer.parseInt(found.group(3));
    int shared = found.group(5) == null ? 0 : Integer.parseInt(found.group(5));
    int registers = Integer.parseInt(found.group(4));
    return new Entry(file, kernel, type, architecture, registers, spilled, shared);
  }

  /** The part of a mangled name that begins with its length here. */
  private static String part(String mangled, int at) {
    int begin = at;
    while (Character.isDigit(mangled.charAt(begin))) {
      begin++;
    }
    return mangled.substring(begin, begin + Integer.parseInt(mangled.substring(at, begin)));
  }

  private static String line(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %-32s %-5s %-7s %9s %8s %7s", cells);
  }
}
