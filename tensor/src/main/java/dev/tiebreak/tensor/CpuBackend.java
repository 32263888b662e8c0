package dev.tiebreak.tensor;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.OpenBlas;
import dev.tiebreak.tensor.cpu.BlasGemm;
import dev.tiebreak.tensor.cpu.Gemm;
import dev.tiebreak.tensor.cpu.JavaGemm;
import dev.tiebreak.tensor.cpu.Simd;
import dev.tiebreak.tensor.cpu.WorkerPool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * The CPU: matrix products by OpenBLAS, everything else by vector loops of our own, divided over a
 * fixed team of threads.
 *
 * <p>float32 runs the vector loops; float64 runs each operation's scalar twin, which is its
 * definition. Results depend on the machine and the number of threads, not on timing. One thread
 * builds the graph; the backend is not meant to be shared between graph-building threads.
 */
public final class CpuBackend extends Backend {
  private static final Logger LOG = System.getLogger(CpuBackend.class.getName());
  private static final int SPLIT_ALIGNMENT = 16; // rows of a matrix product given to one thread
  private static final long ELEMENTS_PER_BLOCK = 1024;
  private static final long BLOCKS_PER_CHUNK = 8; // below this a second thread costs more
  private static final long ELEMENTS_PER_CHUNK = ELEMENTS_PER_BLOCK * BLOCKS_PER_CHUNK;
  private static final long FLOPS_PER_CHUNK = 200_000;
  private static final int FEW_ROWS = 8; // up to so many, reading the other matrix takes the time
  private static boolean warned; // that OpenBLAS is missing; guarded by the class

  private final int threads;
  private final WorkerPool pool; // null if dry
  private final Gemm gemm; // null if dry
  private final boolean vectorised;

  private CpuBackend(int threads, Gemm gemm, boolean vectorised) {
    this.threads = threads;
    this.pool = gemm == null ? null : new WorkerPool(threads);
    this.gemm = gemm;
    this.vectorised = vectorised;
  }

  /** All processors, OpenBLAS if it loads. */
  public static CpuBackend create() {
    return create(Runtime.getRuntime().availableProcessors());
  }

  /**
   * A given number of threads, OpenBLAS if it loads; otherwise plain Java and one warning in a
   * process.
   */
  public static CpuBackend create(int threads) {
    return new CpuBackend(threads, bestGemm(), true);
  }

  /** Matrix products in plain Java, loops as in {@link #create}. */
  public static CpuBackend withoutBlas(int threads) {
    return new CpuBackend(threads, new JavaGemm(), true);
  }

  /** One that does nothing, see {@link #isDry}, with scratch memory for so many threads. */
  public static CpuBackend dry(int threads) {
    return new CpuBackend(threads, null, true);
  }

  /** Every operation by its scalar twin, also in float32: what the vector loops are tested by. */
  public static CpuBackend scalar() {
    return new CpuBackend(1, new JavaGemm(), false);
  }

  private static synchronized Gemm bestGemm() {
    try {
      return new BlasGemm(OpenBlas.load());
    } catch (NativeLibraryException e) {
      if (!warned) {
        warned = true;
        LOG.log(
            Level.WARNING,
            "matrix products run in plain Java, several times slower: {0}",
            e.getMessage());
      }
      return new JavaGemm();
    }
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "%d threads, %d float32 lanes, %s",
        threads,
        Simd.lanes(),
        isDry() ? "dry" : gemm.description());
  }

  @Override
  public boolean isDry() {
    return pool == null;
  }

  /** All but BF16, which is for GPUs. */
  @Override
  public boolean computes(DType dtype) {
    return dtype != DType.BF16;
  }

  /** The number of threads that work. */
  public int threads() {
    return threads;
  }

  /** Whether matrix products run in OpenBLAS. */
  public boolean usesBlas() {
    return gemm instanceof BlasGemm;
  }

  /** Whether tensors of this type go through an operation's vector loop. */
  public boolean vectorises(DType dtype) {
    return vectorised && dtype == DType.F32;
  }

  /** The body of a divided loop: handles indices {@code from .. to-1}. */
  @FunctionalInterface
  public interface Range {
    /** Handles a part; {@code worker} is 0 .. threads-1, for scratch memory. */
    void run(long from, long to, int worker);
  }

  /**
   * Runs a loop over elements, divided when there are enough of them; every part but the last is a
   * multiple of a cache line.
   */
  public void forElements(long size, Range body) {
    long blocks = (size + ELEMENTS_PER_BLOCK - 1) / ELEMENTS_PER_BLOCK;
    run(
        blocks,
        BLOCKS_PER_CHUNK,
        (from, to, worker) ->
            body.run(from * ELEMENTS_PER_BLOCK, Math.min(to * ELEMENTS_PER_BLOCK, size), worker));
  }

  /** Runs a loop over rows of {@code columns} elements each, divided when there is enough work. */
  public void forRows(long rows, long columns, Range body) {
    run(rows, Math.max(1, ELEMENTS_PER_CHUNK / columns), body);
  }

  /**
   * Runs a loop whose every index is worth a thread: heads of an attention, matrices of a batch.
   */
  public void forTasks(long tasks, Range body) {
    run(tasks, 1, body);
  }

  /** Runs what is not divided on the calling thread. */
  public void once(Runnable body) {
    if (pool != null) {
      body.run();
    }
  }

  private void run(long length, long grain, Range body) {
    if (pool != null) {
      pool.run(length, grain, body::run);
    }
  }

  /** C = alpha op(A) op(B) + beta C, divided over all threads. */
  public void matmul(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c, DType dtype) {
    long flops = 2L * p.m() * p.n() * p.k();
    boolean byRows = p.m() >= p.n();
    int extent = byRows ? p.m() : p.n();
    long flopsPerChunk = p.m() <= FEW_ROWS ? FLOPS_PER_CHUNK / FEW_ROWS : FLOPS_PER_CHUNK;
    int pieces = Math.clamp(flops / flopsPerChunk, 1, threads());
    int share = (extent + pieces - 1) / pieces;
    int piece = (share + SPLIT_ALIGNMENT - 1) / SPLIT_ALIGNMENT * SPLIT_ALIGNMENT;
    forTasks(
        (extent + piece - 1) / piece,
        (from, to, worker) -> {
          for (int i = (int) from * piece; i < Math.min(extent, to * piece); i += piece) {
            int count = Math.min(piece, extent - i);
            Matmul part = byRows ? p.withRows(count) : p.withColumns(count);
            long skipA = byRows ? (p.transposeA() ? i : (long) i * p.lda()) : 0;
            long skipB = byRows ? 0 : (p.transposeB() ? (long) i * p.ldb() : i);
            long skipC = byRows ? (long) i * p.ldc() : i;
            matmulHere(part, at(a, skipA, dtype), at(b, skipB, dtype), at(c, skipC, dtype), dtype);
          }
        });
  }

  /** The same product on the calling thread, for use inside a divided loop. */
  public void matmulHere(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c, DType dtype) {
    if (dtype == DType.F32) {
      gemm.f32(p, a, b, c);
    } else {
      gemm.f64(p, a, b, c);
    }
  }

  /** The part of {@code data} that starts at element {@code index}. */
  public static MemorySegment at(MemorySegment data, long index, DType dtype) {
    return index == 0 ? data : data.asSlice(index * dtype.bytes());
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }
}
