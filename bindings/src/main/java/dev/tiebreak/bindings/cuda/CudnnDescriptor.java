package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.CUDNN;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.cudnn.CudnnApi.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;

/**
 * What everything in cuDNN's graph API is: a bag of attributes that is filled and then finished.
 * Attributes and types are cuDNN's codes. cuDNN copies the values that it is given.
 */
final class CudnnDescriptor extends Resource {
  private final String what;
  private final MemorySegment handle;

  /**
   * @param what the name in messages, such as {@code a matmul}
   */
  CudnnDescriptor(String what, int type) {
    super("cuDNN's descriptor of " + what);
    this.what = what;
    handle =
        Out.pointer(
            CUDNN,
            "cudnnBackendCreateDescriptor of " + what,
            out -> cudnnBackendCreateDescriptor(type, out));
    opened();
  }

  CudnnDescriptor integers(int attribute, long... values) {
    return set(
        attribute,
        CUDNN_TYPE_INT64(),
        values.length,
        arena -> arena.allocateFrom(ValueLayout.JAVA_LONG, values));
  }

  /** A value of one of cuDNN's enums. */
  CudnnDescriptor code(int attribute, int type, int value) {
    return set(attribute, type, 1, arena -> arena.allocateFrom(ValueLayout.JAVA_INT, value));
  }

  CudnnDescriptor flag(int attribute, boolean value) {
    return set(
        attribute,
        CUDNN_TYPE_BOOLEAN(),
        1,
        arena -> arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) (value ? 1 : 0)));
  }

  CudnnDescriptor real(int attribute, float value) {
    return set(
        attribute,
        CUDNN_TYPE_FLOAT(),
        1,
        arena -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, value));
  }

  CudnnDescriptor descriptors(int attribute, List<CudnnDescriptor> values) {
    long[] handles = values.stream().mapToLong(value -> value.handle().address()).toArray();
    return addresses(attribute, CUDNN_TYPE_BACKEND_DESCRIPTOR(), handles);
  }

  CudnnDescriptor descriptor(int attribute, CudnnDescriptor value) {
    return descriptors(attribute, List.of(value));
  }

  /** Addresses of the GPU, of host memory, or handles, as the type says. */
  CudnnDescriptor addresses(int attribute, int type, long... values) {
    return set(
        attribute, type, values.length, arena -> arena.allocateFrom(ValueLayout.JAVA_LONG, values));
  }

  /** Writes the values into the memory that it is given. */
  private interface Values {
    MemorySegment in(SegmentAllocator memory);
  }

  private CudnnDescriptor set(int attribute, int type, int count, Values values) {
    try (Arena arena = Arena.ofConfined()) {
      check(
          CUDNN,
          String.format(Locale.ROOT, "cudnnBackendSetAttribute %d of %s", attribute, what),
          cudnnBackendSetAttribute(handle(), attribute, type, count, values.in(arena)));
    }
    return this;
  }

  /** Says that it has all its attributes; cuDNN checks them. */
  CudnnDescriptor finish() {
    check(CUDNN, "cudnnBackendFinalize of " + what, tryFinish());
    return this;
  }

  /** The same, returning the status: engines are tried until one fits. */
  int tryFinish() {
    return cudnnBackendFinalize(handle());
  }

  long integer(int attribute) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      return Out.number(
          CUDNN,
          String.format(Locale.ROOT, "cudnnBackendGetAttribute %d of %s", attribute, what),
          out -> cudnnBackendGetAttribute(handle(), attribute, CUDNN_TYPE_INT64(), 1, count, out));
    }
  }

  /** How many descriptors an attribute has. */
  int count(int attribute) {
    return (int) fill(attribute, 0, MemorySegment.NULL);
  }

  /** Fills descriptors with those of an attribute; returns how many it filled. */
  int fill(int attribute, List<CudnnDescriptor> targets) {
    try (Arena arena = Arena.ofConfined()) {
      long[] handles = targets.stream().mapToLong(target -> target.handle().address()).toArray();
      return (int)
          fill(attribute, handles.length, arena.allocateFrom(ValueLayout.JAVA_LONG, handles));
    }
  }

  private long fill(int attribute, int requested, MemorySegment targets) {
    int type = CUDNN_TYPE_BACKEND_DESCRIPTOR();
    return Out.number(
        CUDNN,
        String.format(Locale.ROOT, "cudnnBackendGetAttribute %d of %s", attribute, what),
        out -> cudnnBackendGetAttribute(handle(), attribute, type, requested, out, targets));
  }

  MemorySegment handle() {
    mustBeOpen();
    return handle;
  }

  @Override
  void release() {
    keep(CUDNN, "cudnnBackendDestroyDescriptor of " + what, cudnnBackendDestroyDescriptor(handle));
  }
}
