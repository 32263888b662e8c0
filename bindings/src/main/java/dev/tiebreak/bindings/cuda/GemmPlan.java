package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.CUBLASLT;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.cublaslt.CublasLtApi.*;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.bindings.raw.cublaslt.CublasLtApi;
import dev.tiebreak.bindings.raw.cublaslt.cublasLtMatmulAlgo_t;
import dev.tiebreak.bindings.raw.cublaslt.cublasLtMatmulHeuristicResult_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One shape of matrix product, described to cuBLASLt, with its algorithm. cuBLASLt thinks in
 * columns, and a row-major matrix is the transpose of a column-major one with the same bytes: so it
 * is asked for transpose(c) = transpose(op(b)) * transpose(op(a)), with b as its first matrix.
 *
 * <p>Only algorithms that sum in a fixed order and in float32 are used: same input, same bytes.
 */
public final class GemmPlan extends Resource {
  private static final int CANDIDATES = 8;
  private static final long ALIGNMENT = 256;

  private final CublasLt owner;
  private final GemmKey key;
  private final Arena arena = Arena.ofShared();
  private final List<Runnable> parts = new ArrayList<>();
  private final MemorySegment product;
  private final MemorySegment layoutA;
  private final MemorySegment layoutB;
  private final MemorySegment layoutC;
  private final MemorySegment alpha = arena.allocate(ValueLayout.JAVA_FLOAT);
  private final MemorySegment beta = arena.allocate(ValueLayout.JAVA_FLOAT);
  private final MemorySegment algorithm = cublasLtMatmulAlgo_t.allocate(arena);
  private boolean tuned; // or taken from the table

  GemmPlan(CublasLt owner, GemmKey key) {
    super("the plan for " + key);
    this.owner = owner;
    this.key = key;
    try {
      product = product();
      Matmul p = key.product();
      int storedA = p.transposeA() ? p.k() : p.m();
      int storedB = p.transposeB() ? p.n() : p.k();
      layoutA = layout(key.input(), storedA, p.m() + p.k() - storedA, p.lda(), key.strideA());
      layoutB = layout(key.input(), storedB, p.n() + p.k() - storedB, p.ldb(), key.strideB());
      layoutC = layout(key.output(), p.m(), p.n(), p.ldc(), key.strideC());
      Optional<MemorySegment> known = known();
      tuned = known.isPresent();
      algorithm.copyFrom(known.orElseGet(() -> candidates().getFirst()));
    } catch (RuntimeException e) {
      destroyParts();
      throw e;
    }
    opened();
  }

  /** What it is for. */
  public GemmKey key() {
    return key;
  }

  /** Whether its algorithm was measured, now or for the table, and is not a first guess. */
  public boolean isTuned() {
    return tuned;
  }

  /**
   * Puts the product into the stream.
   *
   * @param alpha see {@link Matmul}, as for beta
   * @throws IllegalArgumentException if an address is not a multiple of 256, which cuBLASLt took
   *     for granted when it suggested algorithms
   */
  public void run(float alpha, long a, long b, float beta, long c) {
    mustBeOpen();
    if (((a | b | c) & (ALIGNMENT - 1)) != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "addresses must be multiples of %d: a=%#x, b=%#x, c=%#x",
              ALIGNMENT,
              a,
              b,
              c));
    }
    this.alpha.set(ValueLayout.JAVA_FLOAT, 0, alpha);
    this.beta.set(ValueLayout.JAVA_FLOAT, 0, beta);
    run(algorithm, MemorySegment.ofAddress(a), MemorySegment.ofAddress(b), c);
  }

  private void run(MemorySegment algorithm, MemorySegment a, MemorySegment b, long c) {
    MemorySegment result = MemorySegment.ofAddress(c);
    check(
        CUBLASLT,
        "cublasLtMatmul",
        cublasLtMatmul(
            owner.handle(),
            product,
            alpha,
            b,
            layoutB,
            a,
            layoutA,
            beta,
            result,
            layoutC,
            result,
            layoutC,
            algorithm,
            MemorySegment.ofAddress(owner.workspace().address()),
            owner.workspace().bytes(),
            owner.stream().handle()));
  }

  /**
   * Times what cuBLASLt suggests on the GPU, takes the fastest from now on and puts it into the
   * table. Use real data: a GPU is faster on zeros. Overwrites c.
   *
   * @param runs how often each is run and timed, after one run that is not
   * @return milliseconds of one product with the fastest
   */
  public float tune(long a, long b, long c, int runs) {
    mustBeOpen();
    alpha.set(ValueLayout.JAVA_FLOAT, 0, 1);
    beta.set(ValueLayout.JAVA_FLOAT, 0, 0);
    MemorySegment first = MemorySegment.ofAddress(a);
    MemorySegment second = MemorySegment.ofAddress(b);
    float best = Float.POSITIVE_INFINITY;
    try (Event start = Event.timed();
        Event end = Event.timed()) {
      for (MemorySegment candidate : candidates()) {
        run(candidate, first, second, c);
        start.record(owner.stream());
        for (int i = 0; i < runs; i++) {
          run(candidate, first, second, c);
        }
        end.record(owner.stream());
        end.synchronize();
        float milliseconds = end.millisecondsSince(start) / runs;
        if (milliseconds < best) {
          best = milliseconds;
          algorithm.copyFrom(candidate);
        }
      }
    }
    tuned = true;
    owner.table().put(key, algorithm.toArray(ValueLayout.JAVA_BYTE));
    return best;
  }

  private MemorySegment product() {
    MemorySegment made =
        Out.pointer(
            CUBLASLT,
            "cublasLtMatmulDescCreate",
            out -> cublasLtMatmulDescCreate(out, CUBLAS_COMPUTE_32F(), CUDA_R_32F()));
    parts.add(() -> keep(CUBLASLT, "cublasLtMatmulDescDestroy", cublasLtMatmulDescDestroy(made)));
    setOperation(made, CUBLASLT_MATMUL_DESC_TRANSA(), key.product().transposeB());
    setOperation(made, CUBLASLT_MATMUL_DESC_TRANSB(), key.product().transposeA());
    return made;
  }

  private void setOperation(MemorySegment product, int attribute, boolean transposed) {
    int operation = transposed ? CUBLAS_OP_T() : CUBLAS_OP_N();
    MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, operation);
    check(
        CUBLASLT,
        "cublasLtMatmulDescSetAttribute",
        cublasLtMatmulDescSetAttribute(product, attribute, value, value.byteSize()));
  }

  /** A row-major matrix of so many rows and columns, which to cuBLASLt is one of the opposite. */
  private MemorySegment layout(ElementType type, int rows, int columns, int ld, long stride) {
    MemorySegment made =
        Out.pointer(
            CUBLASLT,
            "cublasLtMatrixLayoutCreate",
            out -> cublasLtMatrixLayoutCreate(out, type.code(), columns, rows, ld));
    parts.add(
        () -> keep(CUBLASLT, "cublasLtMatrixLayoutDestroy", cublasLtMatrixLayoutDestroy(made)));
    if (key.batch() > 1) {
      set(
          made,
          CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(),
          arena.allocateFrom(ValueLayout.JAVA_INT, key.batch()));
      set(
          made,
          CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET(),
          arena.allocateFrom(ValueLayout.JAVA_LONG, stride));
    }
    return made;
  }

  private static void set(MemorySegment layout, int attribute, MemorySegment value) {
    check(
        CUBLASLT,
        "cublasLtMatrixLayoutSetAttribute",
        cublasLtMatrixLayoutSetAttribute(layout, attribute, value, value.byteSize()));
  }

  /** The table's algorithm, if cuBLASLt still takes it. */
  private Optional<MemorySegment> known() {
    return owner
        .table()
        .get(key)
        .map(bytes -> arena.allocateFrom(ValueLayout.JAVA_LONG, longs(bytes)))
        .filter(saved -> {
          MemorySegment result = cublasLtMatmulHeuristicResult_t.allocate(arena);
          int status =
              cublasLtMatmulAlgoCheck(
                  owner.handle(), product, layoutB, layoutA, layoutC, layoutC, saved, result);
          return status == 0
              && cublasLtMatmulHeuristicResult_t.workspaceSize(result) <= owner.workspace().bytes();
        });
  }

  private static long[] longs(byte[] bytes) {
    return MemorySegment.ofArray(bytes).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  /** The algorithms that cuBLASLt suggests, best guess first; at least one. */
  private List<MemorySegment> candidates() {
    MemorySegment preference =
        Out.pointer(
            CUBLASLT,
            "cublasLtMatmulPreferenceCreate",
            CublasLtApi::cublasLtMatmulPreferenceCreate);
    try {
      prefer(
          preference,
          CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(),
          arena.allocateFrom(ValueLayout.JAVA_LONG, owner.workspace().bytes()));
      prefer(
          preference,
          CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK(),
          arena.allocateFrom(ValueLayout.JAVA_INT, CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE()));
      List<MemorySegment> usable = suggestions(preference);
      if (usable.isEmpty()) {
        throw new IllegalArgumentException("cuBLASLt has no algorithm for " + key);
      }
      return usable;
    } finally {
      keep(
          CUBLASLT, "cublasLtMatmulPreferenceDestroy", cublasLtMatmulPreferenceDestroy(preference));
    }
  }

  private List<MemorySegment> suggestions(MemorySegment preference) {
    MemorySegment results = cublasLtMatmulHeuristicResult_t.allocateArray(CANDIDATES, arena);
    int count =
        Out.integer(
            CUBLASLT,
            "cublasLtMatmulAlgoGetHeuristic for " + key,
            out ->
                cublasLtMatmulAlgoGetHeuristic(
                    owner.handle(),
                    product,
                    layoutB,
                    layoutA,
                    layoutC,
                    layoutC,
                    preference,
                    CANDIDATES,
                    results,
                    out));
    return IntStream.range(0, count)
        .mapToObj(i -> cublasLtMatmulHeuristicResult_t.asSlice(results, i))
        .filter(result -> cublasLtMatmulHeuristicResult_t.state(result) == 0)
        .map(cublasLtMatmulHeuristicResult_t::algo)
        .toList();
  }

  private static void prefer(MemorySegment preference, int attribute, MemorySegment value) {
    check(
        CUBLASLT,
        "cublasLtMatmulPreferenceSetAttribute",
        cublasLtMatmulPreferenceSetAttribute(preference, attribute, value, value.byteSize()));
  }

  private void destroyParts() {
    parts.reversed().forEach(Runnable::run);
    arena.close();
  }

  @Override
  void release() {
    destroyParts();
  }
}
