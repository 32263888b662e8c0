package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.foreign.MemorySegment;

/** A mark in a stream: it has happened when the work before it is done. It can be used again. */
public final class Event extends Resource {
  private final MemorySegment handle;

  private Event(int flags) {
    super("an event");
    handle = Out.pointer(DRIVER, "cuEventCreate", result -> cuEventCreate(result, flags));
    opened();
  }

  /** A new event, for order only. */
  public static Event create() {
    return new Event(CU_EVENT_DISABLE_TIMING());
  }

  /** A new event that keeps the time. */
  public static Event timed() {
    return new Event(CU_EVENT_DEFAULT());
  }

  /** Puts the mark into a stream. */
  public void record(Stream stream) {
    check(DRIVER, "cuEventRecord", cuEventRecord(handle(), stream.handle()));
  }

  /** Waits until it has happened. */
  public void synchronize() {
    check(DRIVER, "cuEventSynchronize", cuEventSynchronize(handle()));
  }

  /** Whether it has happened. */
  public boolean isDone() {
    int status = cuEventQuery(handle());
    if (status == CUDA_ERROR_NOT_READY()) {
      return false;
    }
    check(DRIVER, "cuEventQuery", status);
    return true;
  }

  /** Milliseconds from another timed event to this one; both have happened. */
  public float millisecondsSince(Event start) {
    int bits =
        Out.integer(
            DRIVER,
            "cuEventElapsedTime_v2",
            result -> cuEventElapsedTime_v2(result, start.handle(), handle()));
    return Float.intBitsToFloat(bits);
  }

  MemorySegment handle() {
    mustBeOpen();
    return handle;
  }

  @Override
  void release() {
    keep(DRIVER, "cuEventDestroy_v2", cuEventDestroy_v2(handle));
  }
}
