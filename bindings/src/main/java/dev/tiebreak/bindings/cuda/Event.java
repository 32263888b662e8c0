package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.raw.driver.DriverApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A mark in a stream: it has happened when the work before it is done. It can be used again. */
public final class Event extends Resource {
  private final MemorySegment handle;

  private Event(int flags) {
    super("an event");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      check("cuEventCreate", DriverApi.cuEventCreate(result, flags));
      handle = result.get(ValueLayout.ADDRESS, 0);
    }
    opened();
  }

  /** A new event, for order only. */
  public static Event create() {
    return new Event(DriverApi.CU_EVENT_DISABLE_TIMING());
  }

  /** A new event that keeps the time. */
  public static Event timed() {
    return new Event(DriverApi.CU_EVENT_DEFAULT());
  }

  /** Puts the mark into a stream. */
  public void record(Stream stream) {
    check("cuEventRecord", DriverApi.cuEventRecord(handle(), stream.handle()));
  }

  /** Waits until it has happened. */
  public void synchronize() {
    check("cuEventSynchronize", DriverApi.cuEventSynchronize(handle()));
  }

  /** Whether it has happened. */
  public boolean isDone() {
    int status = DriverApi.cuEventQuery(handle());
    if (status == DriverApi.CUDA_ERROR_NOT_READY()) {
      return false;
    }
    check("cuEventQuery", status);
    return true;
  }

  /** Milliseconds from another timed event to this one; both have happened. */
  public float millisecondsSince(Event start) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_FLOAT);
      check(
          "cuEventElapsedTime_v2",
          DriverApi.cuEventElapsedTime_v2(result, start.handle(), handle()));
      return result.get(ValueLayout.JAVA_FLOAT, 0);
    }
  }

  MemorySegment handle() {
    mustBeOpen();
    return handle;
  }

  @Override
  void release() {
    Status.keep(CudaLibrary.DRIVER, "cuEventDestroy_v2", DriverApi.cuEventDestroy_v2(handle));
  }

  private static void check(String call, int status) {
    Status.check(CudaLibrary.DRIVER, call, status);
  }
}
