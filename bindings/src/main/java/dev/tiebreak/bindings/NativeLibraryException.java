package dev.tiebreak.bindings;

/**
 * A native library could not be found, loaded or used. The message says what happened, where, and
 * what to do about it, and is fit to be shown to a user as it is.
 */
public final class NativeLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what happened and where, and what to do about it, as two sentences. */
  public NativeLibraryException(String whatAndWhere, String remedy) {
    this(whatAndWhere, remedy, null);
  }

  /** The same with what Java said of it. */
  public NativeLibraryException(String whatAndWhere, String remedy, Throwable cause) {
    super(whatAndWhere + ". " + remedy, cause);
  }
}
