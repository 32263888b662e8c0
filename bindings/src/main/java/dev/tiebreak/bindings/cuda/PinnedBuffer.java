package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** Host memory that the GPU can copy to and from while Java goes on. Undefined at first. */
public final class PinnedBuffer extends Resource {
  private final MemorySegment pointer;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  private PinnedBuffer(long bytes) {
    super(String.format(Locale.ROOT, "a pinned buffer of %d bytes", bytes));
    pointer =
        Out.pointer(
            DRIVER,
            String.format(Locale.ROOT, "cuMemHostAlloc of %d bytes", bytes),
            result -> cuMemHostAlloc(result, bytes, CU_MEMHOSTALLOC_PORTABLE()));
    segment = pointer.reinterpret(bytes, arena, null);
    opened();
  }

  /**
   * Takes pinned memory.
   *
   * @param bytes at least 1
   */
  public static PinnedBuffer allocate(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a pinned buffer needs at least 1 byte, not " + bytes);
    }
    return new PinnedBuffer(bytes);
  }

  /** The memory; after the buffer is closed, using it is an {@link IllegalStateException}. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  void release() {
    arena.close();
    keep(DRIVER, "cuMemFreeHost", cuMemFreeHost(pointer));
  }
}
