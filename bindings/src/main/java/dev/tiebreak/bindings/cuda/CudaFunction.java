package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * A kernel. A launch takes its values from {@link Arguments}, which are made once and written again
 * and again; it allocates nothing.
 *
 * <p>With {@code -Dtiebreak.cuda.sync=true} each launch waits for its end, so that a failure names
 * the kernel that caused it and not a later one; not while a graph is captured.
 */
public final class CudaFunction {
  private final CudaModule module;
  private final String name;
  private final String launch;
  private final MemorySegment handle;
  private final boolean waits = Boolean.getBoolean("tiebreak.cuda.sync");

  CudaFunction(CudaModule module, String name, MemorySegment handle) {
    this.module = module;
    this.name = name;
    this.launch = "cuLaunchKernel of " + name;
    this.handle = handle;
  }

  /** As in the source. */
  public String name() {
    return name;
  }

  /**
   * A block of arguments for this kernel, all 0 at first.
   *
   * @throws IllegalArgumentException if the kernel has other parameters, by number or size
   */
  public Arguments arguments(Arguments.Kind... kinds) {
    module.mustBeOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offset = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
      for (int i = 0; i <= kinds.length; i++) {
        int status = cuFuncGetParamInfo(handle, i, offset, size);
        boolean exists = status != CUDA_ERROR_INVALID_VALUE();
        if (exists != i < kinds.length) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "%s has %s parameters than the %d given",
                  name,
                  exists ? "more" : "fewer",
                  kinds.length));
        }
        if (exists) {
          check(DRIVER, "cuFuncGetParamInfo of " + name, status);
          long bytes = size.get(ValueLayout.JAVA_LONG, 0);
          if (bytes != kinds[i].bytes()) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "parameter %d of %s has %d bytes, but %s has %d",
                    i,
                    name,
                    bytes,
                    kinds[i],
                    kinds[i].bytes()));
          }
        }
      }
    }
    return new Arguments(kinds);
  }

  /**
   * Puts a run of the kernel into a stream. The arguments may be written again at once.
   *
   * @param sharedBytes dynamic shared memory of each block; above 48 KiB only after {@link
   *     #allowSharedBytes}
   */
  public void launch(
      Stream stream,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      Arguments arguments) {
    module.mustBeOpen();
    check(
        DRIVER,
        launch,
        cuLaunchKernel(
            handle,
            gridX,
            gridY,
            gridZ,
            blockX,
            blockY,
            blockZ,
            sharedBytes,
            stream.handle(),
            arguments.pointers(),
            MemorySegment.NULL));
    if (waits) {
      check(DRIVER, launch, cuStreamSynchronize(stream.handle()));
    }
  }

  /** The same in one dimension. */
  public void launch(Stream stream, int grid, int block, int sharedBytes, Arguments arguments) {
    launch(stream, grid, 1, 1, block, 1, 1, sharedBytes, arguments);
  }

  /** Lets launches ask for that much dynamic shared memory. */
  public void allowSharedBytes(int bytes) {
    module.mustBeOpen();
    check(
        DRIVER,
        "cuFuncSetAttribute of " + name,
        cuFuncSetAttribute(handle, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES(), bytes));
  }

  /** Registers that each thread has. */
  public int registers() {
    return attribute(CU_FUNC_ATTRIBUTE_NUM_REGS());
  }

  /** Bytes of slow memory that each thread has for what did not fit into registers. */
  public int localBytes() {
    return attribute(CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES());
  }

  private int attribute(int attribute) {
    module.mustBeOpen();
    return Out.integer(
        DRIVER,
        "cuFuncGetAttribute of " + name,
        result -> cuFuncGetAttribute(result, attribute, handle));
  }
}
