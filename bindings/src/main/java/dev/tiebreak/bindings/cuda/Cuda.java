package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
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
 * it; any other calls {@link #makeCurrent} first. Buffers, streams and the like belong to the
 * context that is current when they are made, and so do failures to close them: contexts of one
 * process know nothing of each other. Close what was made in a context before it.
 */
public final class Cuda implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.tiebreak.bindings.cuda");

  private static final ThreadLocal<Cuda> CURRENT = new ThreadLocal<>(); // as the driver has it

  private final KeptFailures failures = new KeptFailures();
  private final OpenResources resources = new OpenResources();
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
    int status = cuCtxSetCurrent(context);
    if (status == 0) {
      CURRENT.set(this);
    }
    check(DRIVER, "cuCtxSetCurrent", status);
  }

  /**
   * The one that the calling thread's calls go to.
   *
   * @throws IllegalStateException if there is none
   */
  public static Cuda current() {
    Cuda cuda = currentOrNull();
    if (cuda == null) {
      throw new IllegalStateException(
          "no GPU is current on this thread: call Cuda.open, or makeCurrent of one that is open");
    }
    return cuda;
  }

  static Cuda currentOrNull() {
    return CURRENT.get();
  }

  KeptFailures failures() {
    return failures;
  }

  OpenResources resources() {
    return resources;
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

  /** How many buffers, streams and the like of this context are open. */
  public int openResources() {
    return resources.count();
  }

  /** Each of them, with where it was made; empty without {@code -Dtiebreak.cuda.track=true}. */
  public List<String> leaks() {
    return resources.leaks();
  }

  /** Lets go of the GPU, with a warning if something of it is still open or could not be closed. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (CURRENT.get() == this) {
      CURRENT.remove();
    }
    if (openResources() > 0) {
      LOG.log(
          Level.WARNING,
          "{0} CUDA resources were not closed{1}",
          openResources(),
          leaks().isEmpty()
              ? "; -Dtiebreak.cuda.track=true shows where they were made"
              : ":\n" + String.join("\n", leaks()));
    }
    int status = cuDevicePrimaryCtxRelease_v2(device);
    if (status != 0) {
      failures.keep(Status.error(DRIVER, "cuDevicePrimaryCtxRelease_v2", status));
    }
    CudaException kept = failures.take();
    if (kept != null) {
      LOG.log(Level.WARNING, "a CUDA context was not closed well", kept);
    }
  }
}
