package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.CUBLASLT;
import static dev.tiebreak.bindings.raw.cublaslt.CublasLtApi.*;

import dev.tiebreak.bindings.raw.cublaslt.CublasLtApi;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Matrix products on one stream. Each shape is described to cuBLASLt once, as a {@link GemmPlan}
 * that is kept; its algorithm comes from a {@link GemmTable}, or is cuBLASLt's first guess until
 * {@link GemmPlan#tune} has timed the others. For one thread.
 */
public final class CublasLt extends Resource {
  /** What Hopper's fastest algorithms want; earlier GPUs want less. */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private final Stream stream;
  private final GemmTable table;
  private final MemorySegment handle;
  private final DeviceBuffer workspace;
  private final Map<GemmKey, GemmPlan> plans = new HashMap<>();

  private CublasLt(Stream stream, GemmTable table) {
    super("cuBLASLt");
    this.stream = stream;
    this.table = table;
    workspace = DeviceBuffer.allocate(WORKSPACE_BYTES);
    try {
      handle = Out.pointer(CUBLASLT, "cublasLtCreate", CublasLtApi::cublasLtCreate);
    } catch (CudaException e) {
      workspace.close();
      throw e;
    }
    opened();
  }

  /**
   * Loads cuBLASLt and takes 32 MiB of the GPU for it.
   *
   * @param stream where products run
   * @param table the algorithms known; {@link GemmPlan#tune} adds to it
   * @throws dev.tiebreak.bindings.NativeLibraryException if cuBLASLt is missing or broken
   */
  public static CublasLt create(Stream stream, GemmTable table) {
    CudaLibraries.ofThisProcess().load(CUBLASLT);
    return new CublasLt(stream, table);
  }

  /** Loads cuBLASLt and returns its version, such as {@code 13.0.2}, for a table's title. */
  public static String version() {
    return CudaLibraries.ofThisProcess().load(CUBLASLT).version();
  }

  /** The plan for a shape, made if it is new; it is closed with this. */
  public GemmPlan plan(GemmKey key) {
    mustBeOpen();
    GemmPlan plan = plans.get(key);
    if (plan == null) {
      plan = new GemmPlan(this, key);
      plans.put(key, plan);
    }
    return plan;
  }

  Stream stream() {
    return stream;
  }

  GemmTable table() {
    return table;
  }

  MemorySegment handle() {
    mustBeOpen();
    return handle;
  }

  DeviceBuffer workspace() {
    return workspace;
  }

  @Override
  void release() {
    plans.values().forEach(GemmPlan::close);
    keep(CUBLASLT, "cublasLtDestroy", cublasLtDestroy(handle));
    workspace.close();
  }
}
