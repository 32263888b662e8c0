package dev.tiebreak.tensor;

/**
 * Where tensors live and operations run.
 *
 * <p>Deliberately small: memory, matrix products, and a way to run loops or kernels. It has no
 * method per operation; an operation brings its own loops and kernels. Sealed, so that a {@code
 * switch} over backends in an operation is checked to be complete. One thread builds the graph.
 */
public abstract sealed class Backend implements AutoCloseable permits CpuBackend, CudaBackend {
  private Tape tape;

  Backend() {}

  /** A short name for logs and manifests, such as {@code cpu}. */
  public abstract String name();

  /** One line about the device and the libraries in use. */
  public abstract String description();

  /** Whether it has tensors of this type. */
  public abstract boolean computes(DType dtype);

  /**
   * Whether it does nothing: loops, products, kernels and copies do not run, blocks of memory are
   * counted and not taken, every element reads as 0. What is built on it allocates as it would on a
   * real one, so a scope tells how much memory a computation needs.
   */
  public abstract boolean isDry();

  /** New memory with a lifetime of its own. */
  public final Scope newScope(String name) {
    return new Scope(this, name);
  }

  /** The tape that is open now. Throws IllegalStateException when there is none. */
  public final Tape tape() {
    if (tape == null) {
      throw new IllegalStateException("no tape is open: wrap the computation in Tape.start(scope)");
    }
    return tape;
  }

  /** Makes {@code tape} the open one. Throws IllegalStateException when there is one already. */
  final void open(Tape opened) {
    if (tape != null) {
      throw new IllegalStateException("a tape is already open: close it first");
    }
    tape = opened;
  }

  /** Ends what {@link #open} began. */
  final void release(Tape closing) {
    if (tape == closing) {
      tape = null;
    }
  }

  /** Stops what runs. Scopes are closed before, by whoever opened them. */
  @Override
  public abstract void close();
}
