package dev.tiebreak.tensor;

/**
 * Where tensors live and operations run.
 *
 * <p>Deliberately small: memory, matrix products, a parallel loop. It has no method per operation;
 * an operation brings its own loops (package {@code dev.tiebreak.tensor.op}). Sealed, so that a
 * {@code switch} over backends in an operation is checked to be complete.
 */
public sealed interface Backend extends AutoCloseable permits CpuBackend {
  /** A short name for logs and manifests, such as {@code cpu}. */
  String name();

  /** One line about the device and the libraries in use. */
  String description();

  /** New memory with a lifetime of its own. */
  Scope newScope(String name);

  /** The tape that is open now. Throws IllegalStateException when there is none. */
  Tape tape();

  /** Makes {@code tape} the open one. Throws IllegalStateException when there is one already. */
  void open(Tape tape);

  /** Ends what {@link #open} began. */
  void release(Tape tape);

  /** Stops the threads. Scopes are closed by whoever opened them. */
  @Override
  void close();
}
