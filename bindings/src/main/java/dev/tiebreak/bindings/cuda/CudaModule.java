package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

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
      handle =
          Out.pointer(
              DRIVER, "cuModuleLoadData of " + name, result -> cuModuleLoadData(result, image));
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
      MemorySegment text = arena.allocateFrom(name);
      return new CudaFunction(
          this,
          name,
          Out.pointer(
              DRIVER,
              "cuModuleGetFunction of " + name,
              result -> cuModuleGetFunction(result, handle, text)));
    }
  }

  @Override
  void release() {
    keep(DRIVER, "cuModuleUnload", cuModuleUnload(handle));
  }
}
