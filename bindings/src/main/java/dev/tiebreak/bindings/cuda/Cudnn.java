package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.CUBLASLT;
import static dev.tiebreak.bindings.cuda.CudaLibrary.CUDNN;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.cudnn.CudnnApi.*;

import dev.tiebreak.bindings.raw.cudnn.CudnnApi;
import java.lang.foreign.MemorySegment;

/** cuDNN on one stream. What it computes is described by a {@link CudnnGraph}. For one thread. */
public final class Cudnn extends Resource {
  private final MemorySegment handle;

  private Cudnn(Stream stream) {
    super("cuDNN");
    handle = Out.pointer(CUDNN, "cudnnCreate", CudnnApi::cudnnCreate);
    opened();
    try {
      check(CUDNN, "cudnnSetStream", cudnnSetStream(handle, stream.handle()));
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads cuDNN, and before it cuBLASLt, which cuDNN asks for.
   *
   * @param stream where graphs run
   * @throws dev.tiebreak.bindings.NativeLibraryException if one is missing or broken
   */
  public static Cudnn create(Stream stream) {
    CudaLibraries.ofThisProcess().load(CUBLASLT);
    CudaLibraries.ofThisProcess().load(CUDNN);
    return new Cudnn(stream);
  }

  /** The version as a number: 91900 is 9.19.0. */
  public long version() {
    return cudnnGetVersion();
  }

  MemorySegment handle() {
    mustBeOpen();
    return handle;
  }

  @Override
  void release() {
    keep(CUDNN, "cudnnDestroy", cudnnDestroy(handle));
  }
}
