package dev.tiebreak.tensor.cpu;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.bindings.OpenBlas;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * OpenBLAS, told to use one thread per call: this library's own threads divide the work.
 *
 * <p>A product with a few rows, as in generation, is bound by reading the matrix. OpenBLAS first
 * copies it to another place, at a fifth of that rate; but its AVX-512 kernels for small products
 * read it as it lies, so they are given a piece after the other. Without them {@link Gemv} does it.
 */
public final class BlasGemm implements Gemm {
  /** Kernel sets with float32 kernels for small products (OpenBLAS, kernel/x86_64). */
  private static final Set<String> WITH_SMALL_KERNELS =
      Set.of("SkylakeX", "Cooperlake", "Sapphirerapids", "SapphireRapids");

  // What they take (sgemm_small_kernel_permit): at most so large m n k and m n, at least such a k.
  private static final long MOST_OPERATIONS = 1_000_000;
  private static final long MOST_RESULTS = 1_200;
  private static final int LEAST_TERMS = 32;

  private static final int PIECE_ALIGNMENT = 16;

  private final OpenBlas blas;
  private final boolean smallKernels;

  /** Takes over the loaded library's thread setting. */
  public BlasGemm(OpenBlas blas) {
    this.blas = blas;
    this.smallKernels = WITH_SMALL_KERNELS.contains(blas.coreName());
    blas.setThreads(1);
  }

  @Override
  public void f32(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c) {
    boolean fewRows = Gemv.fits(p);
    if (fewRows && !smallKernels && p.beta() == 0) {
      Gemv.multiply(p, a, b, c);
      return;
    }
    int piece = fewRows && smallKernels ? smallPiece(p) : p.n();
    if (piece >= p.n()) {
      blas.sgemm(p, a, b, c);
      return;
    }
    for (int j = 0; j < p.n(); j += piece) {
      MemorySegment rows = j == 0 ? b : b.asSlice((long) j * p.ldb() * Float.BYTES);
      MemorySegment columns = j == 0 ? c : c.asSlice((long) j * Float.BYTES);
      blas.sgemm(p.withColumns(Math.min(piece, p.n() - j)), a, rows, columns);
    }
  }

  /** How many rows of B the kernels for small products take at once; all if they take none. */
  private static int smallPiece(Matmul p) {
    long most = Math.min(MOST_OPERATIONS / ((long) p.m() * p.k()), MOST_RESULTS / p.m());
    long piece = most / PIECE_ALIGNMENT * PIECE_ALIGNMENT;
    return piece == 0 || p.k() < LEAST_TERMS ? p.n() : (int) Math.min(p.n(), piece);
  }

  @Override
  public void f64(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c) {
    blas.dgemm(p, a, b, c);
  }

  @Override
  public String description() {
    return "OpenBLAS " + blas.version() + ", " + blas.coreName() + " kernels, " + blas.path();
  }
}
