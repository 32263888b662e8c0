package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.raw.cublaslt.CublasLtApi;
import dev.tiebreak.bindings.raw.cudnn.CudnnApi;
import dev.tiebreak.bindings.raw.driver.DriverApi;
import dev.tiebreak.bindings.raw.nccl.NcclApi;
import dev.tiebreak.bindings.raw.nvrtc.NvrtcApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Turns what C functions return into exceptions. Every call goes through {@link #check}; calls in
 * {@code close()} go through {@link #keep}, whose exception the next check throws, so that nothing
 * is lost and {@code close()} itself never throws.
 */
final class Status {
  private static final AtomicReference<CudaException> KEPT = new AtomicReference<>();
  private static final int MESSAGE_BYTES = 4096;

  private Status() {}

  /**
   * @param call the function, and its object where it helps
   * @throws CudaException if the status is not 0, or a close failed since the last check
   */
  static void check(CudaLibrary library, String call, int status) {
    if (status != 0) {
      throw withKept(error(library, call, status));
    }
    raiseKept();
  }

  /** For functions that make something: called before, so that what is made is not lost. */
  static void raiseKept() {
    if (KEPT.get() != null) {
      CudaException kept = KEPT.getAndSet(null);
      if (kept != null) {
        throw kept;
      }
    }
  }

  /** Remembers a failure for the next check; the first is thrown and the others go along. */
  static void keep(CudaLibrary library, String call, int status) {
    if (status != 0) {
      CudaException error = error(library, call, status);
      if (!KEPT.compareAndSet(null, error)) {
        KEPT.getAndUpdate(first -> {
          if (first == null) {
            return error;
          }
          first.addSuppressed(error);
          return first;
        });
      }
    }
  }

  private static CudaException withKept(CudaException error) {
    CudaException kept = KEPT.getAndSet(null);
    if (kept != null) {
      error.addSuppressed(kept);
    }
    return error;
  }

  static CudaException error(CudaLibrary library, String call, int status) {
    return switch (library) {
      case DRIVER -> new CudaException(call, status, driver(status, true), driver(status, false));
      case NVRTC ->
          new CudaException(call, status, string(NvrtcApi.nvrtcGetErrorString(status)), "");
      case CUBLASLT ->
          new CudaException(
              call,
              status,
              string(CublasLtApi.cublasLtGetStatusName(status)),
              string(CublasLtApi.cublasLtGetStatusString(status)));
      case CUDNN ->
          new CudaException(
              call, status, string(CudnnApi.cudnnGetErrorString(status)), lastOfCudnn());
      case NCCL ->
          new CudaException(
              call, status, "ncclResult_t", string(NcclApi.ncclGetErrorString(status)));
    };
  }

  private static String driver(int status, boolean name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
      int known =
          name ? DriverApi.cuGetErrorName(status, text) : DriverApi.cuGetErrorString(status, text);
      return known == 0 ? string(text.get(ValueLayout.ADDRESS, 0)) : "unknown error";
    }
  }

  private static String lastOfCudnn() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(MESSAGE_BYTES);
      CudnnApi.cudnnGetLastErrorString(message, MESSAGE_BYTES);
      return message.getString(0).strip();
    }
  }

  private static String string(MemorySegment text) {
    return text.address() == 0 ? "unknown error" : text.reinterpret(MESSAGE_BYTES).getString(0);
  }
}
