package dev.tiebreak.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * The arguments of a kernel as {@code cuLaunchKernel} wants them: an array of pointers, one to each
 * value. Values have 8 bytes each, of which the driver reads as many as the parameter has:
 *
 * <pre>
 * bytes 0 .. 8n-1     values    v0 v1 v2 ...
 * bytes 8n .. 16n-1   pointers  &amp;v0 &amp;v1 &amp;v2 ...
 * </pre>
 *
 * <p>The driver copies the values during a launch. A block belongs to one thread at a time.
 */
public final class Arguments {
  private static final int SLOT = Long.BYTES;

  private final Kind[] kinds;
  private final MemorySegment values;
  private final MemorySegment pointers;

  /** What a parameter is. */
  public enum Kind {
    /** An address of the GPU. */
    POINTER(Long.BYTES),
    /** A 64-bit integer. */
    LONG(Long.BYTES),
    /** A 32-bit integer. */
    INT(Integer.BYTES),
    /** A 32-bit floating-point number. */
    FLOAT(Float.BYTES);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  Arguments(Kind... kinds) {
    this.kinds = kinds.clone();
    MemorySegment block = Arena.ofAuto().allocate(Math.max(1, 2L * SLOT * kinds.length), SLOT);
    values = block.asSlice(0, (long) SLOT * kinds.length);
    pointers = block.asSlice(values.byteSize());
    for (int i = 0; i < kinds.length; i++) {
      pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice((long) SLOT * i));
    }
  }

  /** Sets an address; returns this, as all setters do. */
  public Arguments pointer(int index, long address) {
    values.set(ValueLayout.JAVA_LONG, slot(index, Kind.POINTER), address);
    return this;
  }

  /** Sets a 64-bit integer. */
  public Arguments longInteger(int index, long value) {
    values.set(ValueLayout.JAVA_LONG, slot(index, Kind.LONG), value);
    return this;
  }

  /** Sets a 32-bit integer. */
  public Arguments integer(int index, int value) {
    values.set(ValueLayout.JAVA_INT, slot(index, Kind.INT), value);
    return this;
  }

  /** Sets a 32-bit floating-point number. */
  public Arguments real(int index, float value) {
    values.set(ValueLayout.JAVA_FLOAT, slot(index, Kind.FLOAT), value);
    return this;
  }

  private long slot(int index, Kind kind) {
    if (kinds[index] != kind) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "argument %d is a %s, not a %s", index, kinds[index], kind));
    }
    return (long) SLOT * index;
  }

  MemorySegment pointers() {
    return pointers;
  }
}
