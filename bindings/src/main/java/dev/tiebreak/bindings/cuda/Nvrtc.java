package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.NVRTC;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.cuda.Status.error;
import static dev.tiebreak.bindings.raw.nvrtc.NvrtcApi.*;

import dev.tiebreak.bindings.CacheFolder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Compiles CUDA C++ at run time, for a named architecture. It needs no GPU. What it has compiled is
 * kept on disk, keyed by the source, the options and the compiler's version: so the source must
 * hold everything it depends on, but for the compiler's own headers.
 */
public final class Nvrtc {
  private final String version;
  private final CubinCache cache;

  Nvrtc(String version, CubinCache cache) {
    this.version = version;
    this.cache = cache;
  }

  /**
   * Loads the compiler, with the cache of this user.
   *
   * @throws dev.tiebreak.bindings.NativeLibraryException if it is missing or broken
   */
  public static Nvrtc load() {
    String version = CudaLibraries.ofThisProcess().load(CudaLibrary.NVRTC).version();
    return new Nvrtc(version, new CubinCache(CacheFolder.ofThisUser().resolve("cubin")));
  }

  /** The compiler's version, such as {@code 13.0}. */
  public String version() {
    return version;
  }

  /**
   * The kernels of a source as a cubin, compiled now or before.
   *
   * @param name what messages call the source, such as {@code gelu.cu}
   * @param options such as {@code --gpu-architecture=sm_90a}, which must be there: a real
   *     architecture and not a virtual one
   * @throws CudaException if it does not compile, with the compiler's log as its text
   */
  public byte[] cubin(String name, String source, List<String> options) {
    String key = CubinCache.key(source, options, version);
    return cache
        .read(key)
        .orElseGet(() -> {
          byte[] cubin = compile(name, source, options);
          cache.write(key, cubin);
          return cubin;
        });
  }

  /** The same without the cache. */
  public byte[] compile(String name, String source, List<String> options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment text = arena.allocateFrom(source);
      MemorySegment file = arena.allocateFrom(name);
      MemorySegment none = MemorySegment.NULL; // no headers
      check(
          NVRTC,
          "nvrtcCreateProgram of " + name,
          nvrtcCreateProgram(result, text, file, 0, none, none));
      MemorySegment program = result.get(ValueLayout.ADDRESS, 0);
      try (Program _ = () -> check(NVRTC, "nvrtcDestroyProgram", nvrtcDestroyProgram(result))) {
        return compile(arena, name, program, options);
      }
    }
  }

  /** Gives a program of the compiler back. */
  private interface Program extends AutoCloseable {
    @Override
    void close();
  }

  private static byte[] compile(
      Arena arena, String name, MemorySegment program, List<String> options) {
    MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, Math.max(1, options.size()));
    for (int i = 0; i < options.size(); i++) {
      pointers.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(options.get(i)));
    }
    String call = "nvrtcCompileProgram of " + name;
    int status = nvrtcCompileProgram(program, options.size(), pointers);
    if (status != 0) {
      CudaException plain = error(NVRTC, call, status);
      throw new CudaException(call, status, plain.name(), log(arena, program));
    }
    long bytes =
        Out.number(NVRTC, "nvrtcGetCUBINSize of " + name, size -> nvrtcGetCUBINSize(program, size));
    MemorySegment cubin = arena.allocate(bytes);
    check(NVRTC, "nvrtcGetCUBIN of " + name, nvrtcGetCUBIN(program, cubin));
    if (cubin.byteSize() == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has no cubin: the options name no real architecture, such as sm_90a: %s",
              name,
              options));
    }
    return cubin.toArray(ValueLayout.JAVA_BYTE);
  }

  private static String log(Arena arena, MemorySegment program) {
    long bytes =
        Out.number(NVRTC, "nvrtcGetProgramLogSize", size -> nvrtcGetProgramLogSize(program, size));
    MemorySegment log = arena.allocate(bytes + 1);
    check(NVRTC, "nvrtcGetProgramLog", nvrtcGetProgramLog(program, log));
    return log.getString(0, StandardCharsets.UTF_8).strip();
  }
}
