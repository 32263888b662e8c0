package dev.tiebreak.bindings.cuda;

import java.util.Locale;

/** A function of CUDA failed. The message says which, with what code, and what that means. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int code;
  private final String name;
  private final String text;

  CudaException(String call, int code, String name, String text) {
    super(
        String.format(
            Locale.ROOT,
            "%s failed with %s (%d)%s",
            call,
            name,
            code,
            text.isEmpty() ? "" : ": " + text));
    this.call = call;
    this.code = code;
    this.name = name;
    this.text = text;
  }

  /** The function and, where it helps, its object: {@code cuLaunchKernel of gelu_forward}. */
  public String call() {
    return call;
  }

  /** The status that the function returned. */
  public int code() {
    return code;
  }

  /** The status's name, such as {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  public String name() {
    return name;
  }

  /** What the library says of it, the compiler's log for one, or nothing. */
  public String text() {
    return text;
  }
}
