package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.cuda.Status.keep;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A GPU, opened: its primary context, which cuBLASLt, cuDNN and NCCL use too.
 *
 * <p>CUDA works on the context that is current on the calling thread: the thread that opens one has
 * it; any other calls {@link #makeCurrent} first. Close what was made in a context before it.
 */
public final class Cuda implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.tiebreak.bindings.cuda");

  private final int device;
  private final DeviceFacts facts;
  private final MemorySegment context;
  private boolean closed;

  private Cuda(int device, DeviceFacts facts, MemorySegment context) {
    this.device = device;
    this.facts = facts;
    this.context = context;
  }

  /** What of CUDA is on this machine; loads every library that is there, and never throws. */
  public static CudaProbe probe() {
    return CudaProbe.of(CudaLibraries.ofThisProcess());
  }

  /**
   * Opens a GPU and makes it current on this thread.
   *
   * @param index its number, from 0
   * @throws dev.tiebreak.bindings.NativeLibraryException if there is no driver
   * @throws CudaException if there is no such GPU or it cannot be used
   */
  public static Cuda open(int index) {
    CudaLibraries.ofThisProcess().load(CudaLibrary.DRIVER);
    Status.raiseKept();
    check(DRIVER, "cuInit", cuInit(0));
    int device = Out.integer(DRIVER, "cuDeviceGet " + index, out -> cuDeviceGet(out, index));
    DeviceFacts facts = DeviceFacts.of(index);
    MemorySegment context =
        Out.pointer(
            DRIVER, "cuDevicePrimaryCtxRetain", out -> cuDevicePrimaryCtxRetain(out, device));
    var cuda = new Cuda(device, facts, context);
    cuda.makeCurrent();
    return cuda;
  }

  /** Makes this GPU the one that the calling thread's calls go to. */
  public void makeCurrent() {
    if (closed) {
      throw new IllegalStateException("the CUDA context is closed");
    }
    check(DRIVER, "cuCtxSetCurrent", cuCtxSetCurrent(context));
  }

  /** What is fixed about this GPU. */
  public DeviceFacts facts() {
    return facts;
  }

  /** Bytes of memory that nobody has taken, other processes included. */
  public long freeBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
      return Out.number(DRIVER, "cuMemGetInfo_v2", free -> cuMemGetInfo_v2(free, total));
    }
  }

  /** Waits for everything that was given to the GPU; throws what went wrong in it. */
  public void synchronize() {
    check(DRIVER, "cuCtxSynchronize", cuCtxSynchronize());
  }

  /** How many buffers, streams and the like are open in this process. */
  public static int openResources() {
    return Resource.open();
  }

  /** Each of them, with where it was made; empty without {@code -Dtiebreak.cuda.track=true}. */
  public static List<String> leaks() {
    return Resource.leaks();
  }

  /** Lets go of the GPU, with a warning if something of it is still open. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (openResources() > 0) {
        LOG.log(
            Level.WARNING,
            "{0} CUDA resources were not closed{1}",
            openResources(),
            leaks().isEmpty()
                ? "; -Dtiebreak.cuda.track=true shows where they were made"
                : ":\n" + String.join("\n", leaks()));
      }
      keep(DRIVER, "cuDevicePrimaryCtxRelease_v2", cuDevicePrimaryCtxRelease_v2(device));
    }
  }
}
