package dev.tiebreak.tensor.attention;

import dev.tiebreak.bindings.cuda.CudaLibrary;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The stand-in for CUDA's libraries that the bindings are tested with: it keeps a log of what cuDNN
 * is told and computes nothing.
 */
@SuppressWarnings("restricted") // it calls C
final class CudnnDouble {
  private static final Optional<Path> LIBRARY = compile();

  /** Words for cuDNN's codes. */
  private static final Map<String, String> TYPES =
      Map.of("0", "float", "4", "int", "9", "bf16", "11", "boolean");

  private static final Map<String, String> POINTWISE =
      Map.of(
          "0",
          "ADD",
          "1",
          "MUL",
          "6",
          "DIV",
          "9",
          "SUB",
          "13",
          "EXP",
          "15",
          "LOG",
          "303",
          "CMP_GE",
          "501",
          "GEN_INDEX",
          "601",
          "BINARY_SELECT");

  private static final Map<String, String> REDUCTIONS = Map.of("0", "ADD", "3", "MAX");

  private CudnnDouble() {}

  static boolean available() {
    return LIBRARY.isPresent();
  }

  /** Makes the stand-in what this process takes for CUDA; clears its log and what is to fail. */
  static void install() {
    for (CudaLibrary library : CudaLibrary.values()) {
      System.setProperty(library.property(), LIBRARY.orElseThrow().toString());
    }
    if (SymbolLookup.loaderLookup().find("double_reset").isEmpty()) {
      System.load(LIBRARY.orElseThrow().toString());
    }
    try {
      function("double_reset", FunctionDescriptor.ofVoid()).invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Lets the call of a function that comes after so many good ones return this status. */
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

  /** The calls since {@link #install}. */
  static List<String> log() {
    try {
      var type = FunctionDescriptor.of(ValueLayout.ADDRESS);
      var text = (MemorySegment) function("double_log", type).invokeExact();
      return text.reinterpret(1 << 16).getString(0).lines().toList();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Handles and memory that were taken and not given back. */
  static long live() {
    try {
      var type = FunctionDescriptor.of(ValueLayout.JAVA_LONG);
      return (long) function("double_live", type).invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The tensors and operations of the last graph in the log, in order, a line each. */
  static String graph() {
    Map<String, Map<String, String>> descriptors = new HashMap<>();
    var text = new StringBuilder();
    for (String line : log()) {
      String[] words = line.split(" ");
      if (words.length < 3 || !words[1].equals("type")) {
        continue;
      }
      Map<String, String> attributes = new HashMap<>();
      for (int i = 3; i < words.length; i++) {
        String[] parts = words[i].split(":");
        attributes.put(parts[0], parts[1]);
      }
      descriptors.put(words[0], attributes);
      if (words[2].equals("17") && attributes.get("906").equals("1")) {
        text.setLength(0); // a new graph begins
      }
      text.append(described(words[2], attributes, descriptors));
    }
    return text.toString();
  }

  private static String described(
      String type, Map<String, String> own, Map<String, Map<String, String>> all) {
    return switch (type) {
      case "17" -> // a tensor
          String.format(
              Locale.ROOT,
              "%s: %s%s (%s) by (%s)\n",
              own.get("906"),
              own.get("907").equals("1") ? "virtual " : own.get("908").equals("1") ? "value " : "",
              TYPES.get(own.get("901")),
              own.get("902"),
              own.get("903"));
      case "19" -> operation("MATMUL", own, all, "1522", "1520", "1521");
      case "13" ->
          operation(pointwise(all.get(own.get("750"))), own, all, "753", "751", "752", "758");
      case "22" ->
          operation(
              "REDUCE." + REDUCTIONS.get(all.get(own.get("1612")).get("1600")),
              own,
              all,
              "1611",
              "1610");
      case "31" -> operation("RESHAPE", own, all, "2201", "2200");
      default -> "";
    };
  }

  private static String pointwise(Map<String, String> kind) {
    String axis = kind.containsKey("9") ? "." + kind.get("9") : "";
    String precision = kind.get("1").equals("0") ? "" : "(" + TYPES.get(kind.get("1")) + ")";
    return POINTWISE.get(kind.get("0")) + axis + precision;
  }

  private static String operation(
      String name,
      Map<String, String> own,
      Map<String, Map<String, String>> all,
      String result,
      String... inputs) {
    var text = new StringBuilder(name);
    for (String input : inputs) {
      if (own.containsKey(input)) {
        text.append(' ').append(all.get(own.get(input)).get("906"));
      }
    }
    return text + " -> " + all.get(own.get(result)).get("906") + "\n";
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    var address = SymbolLookup.loaderLookup().findOrThrow(name);
    return Linker.nativeLinker().downcallHandle(address, type);
  }

  private static Optional<Path> compile() {
    try {
      Path folder = Files.createDirectories(Path.of("target", "cuda-double").toAbsolutePath());
      Path library = folder.resolve("libcuda_double.so");
      Process compiler =
          new ProcessBuilder(
                  "cc",
                  "-shared",
                  "-fPIC",
                  "-O1",
                  "-o",
                  library.toString(),
                  "../bindings/src/test/c/cuda_double.c")
              .redirectErrorStream(true)
              .start();
      String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (compiler.onExit().join().exitValue() != 0) {
        throw new AssertionError(
            String.format(Locale.ROOT, "%s does not compile:\n%s", library, output));
      }
      return Optional.of(library);
    } catch (IOException noCompiler) {
      return Optional.empty();
    }
  }
}
