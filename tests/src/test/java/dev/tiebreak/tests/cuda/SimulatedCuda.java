package dev.tiebreak.tests.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The simulated CUDA, compiled when tests first need it and kept in {@code target}. Tests say that
 * they need it by {@link NeedsSimulatedCuda}.
 */
@SuppressWarnings("restricted") // a test double that Java can only reach as C
public final class SimulatedCuda {
  private static final Path SOURCES = Path.of("src", "test", "cpp").toAbsolutePath();
  private static final long TEXT_BYTES = 1 << 20;
  private static final Optional<Path> LIBRARY = compile();

  private SimulatedCuda() {}

  /** Whether there is a compiler to make it with. */
  static boolean available() {
    return LIBRARY.isPresent();
  }

  /** Makes it what this process takes for CUDA, and forgets what happened in it before. */
  public static void install() {
    String path = LIBRARY.orElseThrow().toString();
    for (String library : List.of("driver", "nvrtc", "cublaslt")) {
      System.setProperty("tiebreak.cuda." + library, path);
    }
    for (String absent : List.of("cudnn", "nccl")) {
      System.setProperty("tiebreak.cuda." + absent, "/absent/lib" + absent + ".so");
    }
    System.load(path);
    call("simulated_reset", FunctionDescriptor.ofVoid());
  }

  /** The first thing that it found wrong since {@link #install}; empty if nothing was. */
  public static String report() {
    return text("simulated_report");
  }

  /** Keeps reports from the output until the next {@link #install}, for tests that cause them. */
  static void expectReports() {
    call("simulated_quiet", FunctionDescriptor.ofVoid());
  }

  /**
   * Whether kernels are checked and queued but not run, for tests of what is taken: what kernels
   * compute makes no difference to that. Until the next {@link #install}.
   */
  static void idle(boolean on) {
    call("simulated_idle", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), on ? 1 : 0);
  }

  /** What was taken and not given back, one text each. */
  public static List<String> leaks() {
    return text("simulated_leaks").lines().toList();
  }

  /** Lets the next call of a function, or the next run of a kernel, fail with this code. */
  public static void fail(String name, int code) {
    fail(name, code, 0);
  }

  /** The same for the one that comes after so many good ones. */
  public static void fail(String name, int code, int after) {
    try (Arena arena = Arena.ofConfined()) {
      call(
          "simulated_fail",
          FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
          arena.allocateFrom(name),
          code,
          after);
    }
  }

  /** How many bytes of memory the device has. */
  public static void limitMemory(long bytes) {
    call("simulated_memory_limit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), bytes);
  }

  /** Bytes of device memory that are taken. */
  public static long memoryUsed() {
    return number("simulated_memory_used");
  }

  /** Launches of kernels since {@link #install}. */
  public static long launches() {
    return number("simulated_launches");
  }

  /** Allocations of device and pinned memory since {@link #install}. */
  public static long allocations() {
    return number("simulated_allocations");
  }

  /** Calls since {@link #install} that waited for the device. */
  public static long synchronizations() {
    return number("simulated_synchronizations");
  }

  private static String text(String function) {
    var text = (MemorySegment) call(function, FunctionDescriptor.of(ValueLayout.ADDRESS));
    return text.reinterpret(TEXT_BYTES).getString(0);
  }

  private static long number(String function) {
    return (long) call(function, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  private static Object call(String function, FunctionDescriptor type, Object... arguments) {
    MemorySegment address = SymbolLookup.loaderLookup().findOrThrow(function);
    try {
      return Linker.nativeLinker().downcallHandle(address, type).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The prelude that every kernel's text begins with. */
  static String prelude() {
    try {
      return Files.readString(kernels().resolve("cuda/prelude.cuh"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of the module whose kernels these are. */
  static Path kernels() {
    return Path.of("../tensor/src/main/java/dev/tiebreak/tensor");
  }

  private static Optional<Path> compile() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    try {
      int build = build();
      Path folder = Files.createDirectories(Path.of("target", "simulated-cuda").toAbsolutePath());
      Path library = folder.resolve(String.format(Locale.ROOT, "libsimulated_cuda_%d.so", build));
      if (!Files.exists(library)) {
        Path made = Files.createTempFile(folder, "lib", ".so");
        compile(made, build);
        Files.move(made, library, StandardCopyOption.ATOMIC_MOVE);
      }
      return Optional.of(library);
    } catch (IOException noCompiler) {
      return Optional.empty();
    }
  }

  /** A number made from the sources and the compiler, not negative when doubled. */
  private static int build() throws IOException {
    var sum = new CRC32();
    sum.update(output(List.of("g++", "--version")));
    for (Path source : sources("")) {
      sum.update(Files.readAllBytes(source));
    }
    return (int) sum.getValue() & 0x1fffffff;
  }

  private static void compile(Path library, int build) throws IOException {
    var command =
        new ArrayList<>(List.of("g++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-shared", "-fPIC", "-fvisibility=hidden", "-o", library.toString()));
    command.add("-DSIMULATED_BUILD=" + build);
    command.add(String.format(Locale.ROOT, "-DSIMULATED_SOURCES=\"%s\"", SOURCES));
    sources(".cpp").forEach(source -> command.add(source.toString()));
    output(command);
  }

  private static List<Path> sources(String ending) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /**
   * What a compiler says.
   *
   * @throws IOException if there is none
   */
  static byte[] output(List<String> command) throws IOException {
    Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = compiler.getInputStream().readAllBytes();
    if (compiler.onExit().join().exitValue() != 0) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s\n%s",
              String.join(" ", command),
              new String(output, StandardCharsets.UTF_8)));
    }
    return output;
  }
}
