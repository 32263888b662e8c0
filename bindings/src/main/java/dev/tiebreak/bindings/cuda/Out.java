package dev.tiebreak.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Results that a C function writes through a pointer, for calls that are made now and then. */
final class Out {
  private Out() {}

  /** A call that writes its result there and returns its status. */
  interface Call {
    int into(MemorySegment result);
  }

  /** The pointer that the call writes. */
  static MemorySegment pointer(CudaLibrary library, String name, Call call) {
    return MemorySegment.ofAddress(number(library, name, call));
  }

  /** The 64-bit integer that the call writes. */
  static long number(CudaLibrary library, String name, Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
      Status.check(library, name, call.into(result));
      return result.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /** The 32-bit integer that the call writes. */
  static int integer(CudaLibrary library, String name, Call call) {
    return (int) number(library, name, call); // little-endian, and zero above
  }
}
