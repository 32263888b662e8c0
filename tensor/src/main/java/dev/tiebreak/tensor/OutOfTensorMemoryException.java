package dev.tiebreak.tensor;

/** No memory for a tensor; the message says which scope asked for how much and what to do. */
public final class OutOfTensorMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutOfTensorMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
