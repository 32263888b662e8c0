package dev.tiebreak.bindings.cuda;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something of CUDA's that must be given back. It can be closed more than once; using it afterwards
 * is an {@link IllegalStateException}; a failure while it is given back is thrown by the next call.
 * Nothing is given back by the garbage collector, which does not see a GPU's memory.
 *
 * <p>With {@code -Dtiebreak.cuda.track=true} each remembers where it was made, for the report of
 * what was never closed.
 */
abstract class Resource implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();
  private static final Map<Resource, Throwable> MADE_AT = new ConcurrentHashMap<>();

  private static final int FRAMES = 6;

  private final String what;
  private boolean closed;

  /** Throws what a close kept before anything is made. */
  Resource(String what) {
    Status.raiseKept();
    this.what = what;
  }

  /** Called by the subclass when it has what is to be given back. */
  final void opened() {
    OPEN.incrementAndGet();
    if (Boolean.getBoolean("tiebreak.cuda.track")) {
      MADE_AT.put(this, new Throwable("made here"));
    }
  }

  final void mustBeOpen() {
    if (closed) {
      throw new IllegalStateException(what + " is closed");
    }
  }

  /** Gives it back and keeps the status. */
  abstract void release();

  @Override
  public final synchronized void close() {
    if (!closed) {
      closed = true;
      OPEN.decrementAndGet();
      MADE_AT.remove(this);
      release();
    }
  }

  @Override
  public String toString() {
    return what;
  }

  static int open() {
    return OPEN.get();
  }

  /** One text per resource that is still open, with where it was made; empty without tracking. */
  static List<String> leaks() {
    return MADE_AT.entrySet().stream()
        .map(leak ->
            String.format(Locale.ROOT, "%s, made at %s", leak.getKey(), frames(leak.getValue())))
        .sorted()
        .toList();
  }

  private static String frames(Throwable made) {
    return Stream.of(made.getStackTrace())
        .filter(frame -> !frame.getClassName().startsWith(Resource.class.getPackageName() + "."))
        .limit(FRAMES)
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(", from "));
  }
}
