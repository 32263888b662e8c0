package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.raw.cublaslt.CublasLtApi;
import dev.tiebreak.bindings.raw.cudnn.CudnnApi;
import dev.tiebreak.bindings.raw.driver.DriverApi;
import dev.tiebreak.bindings.raw.nccl.NcclApi;
import dev.tiebreak.bindings.raw.nvrtc.NvrtcApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns what C functions return into exceptions. Every call goes through {@link #check}. A failure
 * in a {@code close()} is kept by the context it happened in, and the next check in that context
 * throws it, so that nothing is lost and {@code close()} itself never throws.
 */
final class Status {
  private static final int MESSAGE_BYTES = 4096;

  private Status() {}

  /**
   * @param call the function, and its object where it helps
   * @throws CudaException if the status is not 0, or a close failed since the last check in the
   *     context that is current
   */
  static void check(CudaLibrary library, String call, int status) {
    Cuda context = Cuda.currentOrNull();
    if (status != 0) {
      CudaException error = error(library, call, status);
      CudaException kept = context == null ? null : context.failures().take();
      if (kept != null) {
        error.addSuppressed(kept);
      }
      throw error;
    }
    if (context != null) {
      context.failures().raise();
    }
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
