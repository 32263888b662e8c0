package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.raw.driver.DriverApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Host memory that the GPU can copy to and from while Java goes on. Undefined at first. */
public final class PinnedBuffer extends Resource {
  private final MemorySegment pointer;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  private PinnedBuffer(long bytes) {
    super("a pinned buffer of %d bytes".formatted(bytes));
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment result = scratch.allocate(ValueLayout.ADDRESS);
      Status.check(
          CudaLibrary.DRIVER,
          "cuMemHostAlloc of %d bytes".formatted(bytes),
          DriverApi.cuMemHostAlloc(result, bytes, DriverApi.CU_MEMHOSTALLOC_PORTABLE()));
      pointer = result.get(ValueLayout.ADDRESS, 0);
      segment = pointer.reinterpret(bytes, arena, null);
    }
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
    Status.keep(CudaLibrary.DRIVER, "cuMemFreeHost", DriverApi.cuMemFreeHost(pointer));
  }
}
