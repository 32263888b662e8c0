package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.raw.driver.DriverApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Compiled kernels, loaded into the GPU that is current. */
public final class CudaModule extends Resource {
  private final MemorySegment handle;

  private CudaModule(String name, byte[] cubin) {
    super("the module " + name);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(cubin.length + 1L, Long.BYTES); // 0 at the end, for text
      MemorySegment.copy(cubin, 0, image, ValueLayout.JAVA_BYTE, 0, cubin.length);
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      check("cuModuleLoadData of " + name, DriverApi.cuModuleLoadData(result, image));
      handle = result.get(ValueLayout.ADDRESS, 0);
    }
    opened();
  }

  /**
   * Loads what {@link Nvrtc} compiled.
   *
   * @param name what messages call it
   */
  public static CudaModule load(String name, byte[] cubin) {
    return new CudaModule(name, cubin);
  }

  /**
   * One of its kernels; it lives as long as the module.
   *
   * @param name as in the source, where it is {@code extern "C"}
   */
  public CudaFunction function(String name) {
    mustBeOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      check(
          "cuModuleGetFunction of " + name,
          DriverApi.cuModuleGetFunction(result, handle, arena.allocateFrom(name)));
      return new CudaFunction(this, name, result.get(ValueLayout.ADDRESS, 0));
    }
  }

  @Override
  void release() {
    Status.keep(CudaLibrary.DRIVER, "cuModuleUnload", DriverApi.cuModuleUnload(handle));
  }

  private static void check(String call, int status) {
    Status.check(CudaLibrary.DRIVER, call, status);
  }
}
