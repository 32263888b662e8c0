package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.foreign.MemorySegment;

/**
 * A queue of work for the GPU: what is put in runs in order, while Java goes on. Addresses are
 * those of {@link DeviceBuffer} and are not checked here.
 */
public final class Stream extends Resource {
  private final MemorySegment handle;

  private Stream(int priority) {
    super("a stream");
    handle =
        Out.pointer(
            DRIVER,
            "cuStreamCreateWithPriority",
            result -> cuStreamCreateWithPriority(result, CU_STREAM_NON_BLOCKING(), priority));
    opened();
  }

  /** A new stream, which does not wait for CUDA's default one. */
  public static Stream create() {
    return new Stream(0);
  }

  /** The same; of two streams, the GPU prefers the one with the lower number, -5 to 0. */
  public static Stream create(int priority) {
    return new Stream(priority);
  }

  /**
   * Copies all of a host segment to the GPU. Memory that is pinned must stay as it is until the
   * copy is done; other memory may be used again at once.
   */
  public void copyIn(long target, MemorySegment source) {
    requireNative(source);
    check(
        DRIVER,
        "cuMemcpyHtoDAsync_v2",
        cuMemcpyHtoDAsync_v2(target, source, source.byteSize(), handle()));
  }

  /** Fills a host segment from the GPU. It holds the bytes when the stream has come so far. */
  public void copyOut(MemorySegment target, long source) {
    requireNative(target);
    check(
        DRIVER,
        "cuMemcpyDtoHAsync_v2",
        cuMemcpyDtoHAsync_v2(target, source, target.byteSize(), handle()));
  }

  /** Copies from one place of the GPU to another. */
  public void copy(long target, long source, long bytes) {
    check(DRIVER, "cuMemcpyDtoDAsync_v2", cuMemcpyDtoDAsync_v2(target, source, bytes, handle()));
  }

  /** Sets bytes of the GPU to 0. */
  public void zero(long target, long bytes) {
    check(DRIVER, "cuMemsetD8Async", cuMemsetD8Async(target, (byte) 0, bytes, handle()));
  }

  /** What is put in from now on waits until the event has happened. */
  public void await(Event event) {
    check(DRIVER, "cuStreamWaitEvent", cuStreamWaitEvent(handle(), event.handle(), 0));
  }

  /** Waits until everything in it is done; throws what went wrong in it. */
  public void synchronize() {
    check(DRIVER, "cuStreamSynchronize", cuStreamSynchronize(handle()));
  }

  /** Whether everything in it is done; throws what went wrong in it. */
  public boolean isDone() {
    int status = cuStreamQuery(handle());
    if (status == CUDA_ERROR_NOT_READY()) {
      return false;
    }
    check(DRIVER, "cuStreamQuery", status);
    return true;
  }

  MemorySegment handle() {
    mustBeOpen();
    return handle;
  }

  @Override
  void release() {
    keep(DRIVER, "cuStreamDestroy_v2", cuStreamDestroy_v2(handle));
  }

  private static void requireNative(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("not native memory: " + segment);
    }
  }
}
