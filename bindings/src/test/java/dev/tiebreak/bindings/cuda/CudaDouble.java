package dev.tiebreak.bindings.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The stand-in for CUDA's libraries, {@code src/test/c/cuda_double.c}, compiled once and named in
 * the libraries' properties. Tests say that they need it by {@link NeedsCudaDouble}.
 */
final class CudaDouble {
  private static final Optional<Path> LIBRARY = compile();

  private CudaDouble() {}

  /** Makes the stand-in what this process takes for CUDA; clears its log and what is to fail. */
  static void install() {
    for (CudaLibrary library : CudaLibrary.values()) {
      System.setProperty(library.property(), library().toString());
    }
    CudaLibraries.ofThisProcess().load(CudaLibrary.DRIVER);
    try {
      function("double_reset", FunctionDescriptor.ofVoid()).invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** A GPU of the stand-in, current on this thread, and an empty log. */
  static Cuda open() {
    install();
    Cuda cuda = Cuda.open(0);
    install();
    return cuda;
  }

  /** Whether there is a C compiler to make it with. */
  static boolean available() {
    return LIBRARY.isPresent();
  }

  static Path library() {
    return LIBRARY.orElseThrow();
  }

  /** Lets the next call of a function return this status. */
  static void fail(String call, int code) {
    fail(call, code, 0);
  }

  /** The same for the call that comes after so many good ones. */
  static void fail(String call, int code, int after) {
    try (Arena arena = Arena.ofConfined()) {
      var type =
          FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
      function("double_fail", type).invokeExact(arena.allocateFrom(call), code, after);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The calls since {@link #install}, as the stand-in noted them. */
  static List<String> log() {
    try {
      var text =
          (MemorySegment)
              function("double_log", FunctionDescriptor.of(ValueLayout.ADDRESS)).invokeExact();
      return text.reinterpret(1 << 16).getString(0).lines().toList();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Handles and memory that were taken and not given back. */
  static long live() {
    try {
      return (long)
          function("double_live", FunctionDescriptor.of(ValueLayout.JAVA_LONG)).invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The values that the last launch got, one after the other without gaps. */
  static MemorySegment launched() {
    try {
      int bytes =
          (int)
              function("double_launched_bytes", FunctionDescriptor.of(ValueLayout.JAVA_INT))
                  .invokeExact();
      var values =
          (MemorySegment)
              function("double_launched", FunctionDescriptor.of(ValueLayout.ADDRESS)).invokeExact();
      return values.reinterpret(bytes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    var address = SymbolLookup.loaderLookup().findOrThrow(name);
    return Linker.nativeLinker().downcallHandle(address, type);
  }

  /** A library without functions. */
  static void compileEmptyLibrary(Path library) throws IOException {
    compile(library, "-x", "c", "/dev/null");
  }

  private static Optional<Path> compile() {
    try {
      Path folder = Files.createDirectories(Path.of("target", "cuda-double").toAbsolutePath());
      Path library = folder.resolve("libcuda_double.so");
      compile(library, "-O1", "-Wall", "src/test/c/cuda_double.c");
      return Optional.of(library);
    } catch (IOException noCompiler) {
      return Optional.empty();
    }
  }

  /**
   * @throws IOException if there is no compiler
   */
  private static void compile(Path library, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", library.toString()));
    command.addAll(List.of(arguments));
    Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (compiler.onExit().join().exitValue() != 0) {
      throw new AssertionError(
          String.format(Locale.ROOT, "%s does not compile:\n%s", library, output));
    }
  }
}
