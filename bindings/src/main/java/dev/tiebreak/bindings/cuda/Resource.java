package dev.tiebreak.bindings.cuda;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something of CUDA's that must be given back. It belongs to the context that was current when it
 * was made. It can be closed more than once; using it afterwards is an {@link
 * IllegalStateException}; a failure while it is given back is thrown by the next call in its
 * context. Nothing is given back by the garbage collector, which does not see a GPU's memory.
 *
 * <p>With {@code -Dtiebreak.cuda.track=true} each remembers where it was made, for the report of
 * what was never closed.
 */
abstract class Resource implements AutoCloseable {
  private final String what;
  private final Cuda owner;
  private boolean closed;

  /** Throws what a close kept before anything is made. */
  Resource(String what) {
    this.what = what;
    this.owner = Cuda.current();
    owner.failures().raise();
  }

  /** Called by the subclass when it has what is to be given back. */
  final void opened() {
    owner.resources().add(this);
  }

  final void mustBeOpen() {
    if (closed) {
      throw new IllegalStateException(what + " is closed");
    }
  }

  /** Gives it back and keeps the status. */
  abstract void release();

  /** Remembers a failure for the next call in this one's context. */
  final void keep(CudaLibrary library, String call, int status) {
    if (status != 0) {
      owner.failures().keep(Status.error(library, call, status));
    }
  }

  @Override
  public final synchronized void close() {
    if (!closed) {
      closed = true;
      owner.resources().remove(this);
      release();
    }
  }

  @Override
  public String toString() {
    return what;
  }

  /** Where a resource was made: the callers outside of this package. */
  static final class Origin {
    private static final int FRAMES = 6;

    private final Throwable made = new Throwable();

    @Override
    public String toString() {
      return Stream.of(made.getStackTrace())
          .filter(frame -> !frame.getClassName().startsWith(Origin.class.getPackageName() + "."))
          .limit(FRAMES)
          .map(StackTraceElement::toString)
          .collect(Collectors.joining(", from "));
    }
  }
}
