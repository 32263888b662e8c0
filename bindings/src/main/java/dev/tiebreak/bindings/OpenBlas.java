package dev.tiebreak.bindings;

import dev.tiebreak.bindings.raw.cblas.Cblas;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The matrix products of OpenBLAS, with every argument checked before C sees it.
 *
 * <p>Matrices are row-major in native memory: element (i, j) of a matrix with leading dimension
 * {@code ld} lies {@code i * ld + j} elements from the start of its segment. All methods may be
 * called by several threads at once. With {@link #setThreads setThreads(1)} each call runs on its
 * caller's thread and callers do not wait for each other; with more, OpenBLAS's own threads serve
 * one call at a time.
 *
 * <p>A product allocates nothing. A slice made for one call costs its object on the heap, so keep
 * slices that are used again.
 */
public final class OpenBlas {
  /** All we call: looked up before the generated class, which must not fail, is touched. */
  static final List<String> REQUIRED =
      List.of(
          "cblas_sgemm",
          "cblas_dgemm",
          "openblas_set_num_threads",
          "openblas_get_num_threads",
          "openblas_get_config",
          "openblas_get_corename");

  private static OpenBlas loaded; // guarded by the class

  private final Path path;

  private OpenBlas(Path path) {
    this.path = path;
  }

  /**
   * Loads OpenBLAS, once in a process. The search order is: the system property {@code
   * tiebreak.openblas}, the environment variable {@code TIEBREAK_OPENBLAS} (both an absolute path),
   * the {@code org.bytedeco:openblas} jar on the class path.
   *
   * @throws NativeLibraryException if it is missing, broken, of another processor, not OpenBLAS, or
   *     native access is denied; the next call tries again
   */
  public static synchronized OpenBlas load() {
    if (loaded == null) {
      loaded = load(OpenBlasLocator.ofThisProcess().locate());
    }
    return loaded;
  }

  private static OpenBlas load(OpenBlasLocator.Located located) {
    Path path = located.libraries().getLast();
    String name =
        String.format(Locale.ROOT, "the OpenBLAS library %s (%s)", path, located.origin());
    try {
      located.libraries().forEach(library -> System.load(library.toString()));
    } catch (IllegalCallerException e) {
      String module =
          OpenBlas.class.getModule().isNamed() ? "dev.tiebreak.bindings" : "ALL-UNNAMED";
      throw new NativeLibraryException(
          "Java denies native access, so " + name + " was not loaded",
          "Start Java with --enable-native-access=" + module + ".",
          e);
    } catch (UnsatisfiedLinkError e) {
      throw new NativeLibraryException(
          "Cannot load " + name + ": " + e.getMessage(), located.remedy(), e);
    }
    SymbolLookup symbols = SymbolLookup.loaderLookup();
    for (String symbol : REQUIRED) {
      if (symbols.find(symbol).isEmpty()) {
        throw new NativeLibraryException(
            "Cannot use " + name + ": it has no function " + symbol, located.remedy());
      }
    }
    var blas = new OpenBlas(path);
    if (blas.configuration().contains("USE64BITINT")) {
      throw new NativeLibraryException(
          "Cannot use " + name + ": it is built for 64-bit integers", located.remedy());
    }
    return blas;
  }

  /** Whether Java lets this module call C without a warning; the launcher grants it. */
  public static boolean nativeAccessEnabled() {
    return OpenBlas.class.getModule().isNativeAccessEnabled();
  }

  /**
   * The environment variables that hold OpenBLAS back, with remedies; loads nothing. OpenBLAS reads
   * them while it is loaded, so changing them is for the shell that starts Java.
   */
  public static List<BlasEnvironmentHint> environmentHints() {
    return BlasEnvironmentHint.of(System.getenv(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * The product in float32. c must not overlap a or b (not checked).
   *
   * @throws IllegalArgumentException if a dimension is negative, a leading dimension is smaller
   *     than a stored row, a segment is too small or on the heap, or c is read-only; it names the
   *     argument
   */
  public void sgemm(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c) {
    check(p, a, b, c, Float.BYTES);
    Cblas.cblas_sgemm(
        Cblas.CblasRowMajor(),
        operation(p.transposeA()),
        operation(p.transposeB()),
        p.m(),
        p.n(),
        p.k(),
        (float) p.alpha(),
        a,
        p.lda(),
        b,
        p.ldb(),
        (float) p.beta(),
        c,
        p.ldc());
  }

  /** The same as {@link #sgemm} in float64. */
  public void dgemm(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c) {
    check(p, a, b, c, Double.BYTES);
    Cblas.cblas_dgemm(
        Cblas.CblasRowMajor(),
        operation(p.transposeA()),
        operation(p.transposeB()),
        p.m(),
        p.n(),
        p.k(),
        p.alpha(),
        a,
        p.lda(),
        b,
        p.ldb(),
        p.beta(),
        c,
        p.ldc());
  }

  /** The kernel set in use, such as {@code SkylakeX} or {@code Haswell}. */
  public String coreName() {
    return Cblas.openblas_get_corename().getString(0);
  }

  /** The version, such as {@code 0.3.31}. */
  public String version() {
    String[] words = configuration().strip().split("\\s+");
    return words.length > 1 ? words[1] : "unknown";
  }

  /** How the library was built, in OpenBLAS's own words. */
  public String configuration() {
    return Cblas.openblas_get_config().getString(0);
  }

  /** How many threads a call may use. */
  public int threads() {
    return Cblas.openblas_get_num_threads();
  }

  /**
   * Sets how many threads a call may use, for the whole process; OpenBLAS caps it at the number it
   * was built for. Not to be called while a product runs.
   *
   * @throws IllegalArgumentException if {@code n} is smaller than 1
   */
  public void setThreads(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + n);
    }
    Cblas.openblas_set_num_threads(n);
  }

  /** The absolute path of the loaded library. */
  public Path path() {
    return path;
  }

  private static int operation(boolean transposed) {
    return transposed ? Cblas.CblasTrans() : Cblas.CblasNoTrans();
  }

  private static void check(
      Matmul p, MemorySegment a, MemorySegment b, MemorySegment c, int elementBytes) {
    if ((p.m() | p.n() | p.k()) < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "m, n and k must not be negative: m=%d, n=%d, k=%d",
              p.m(),
              p.n(),
              p.k()));
    }
    int rowsA = p.transposeA() ? p.k() : p.m();
    int rowsB = p.transposeB() ? p.n() : p.k();
    checkMatrix("a", a, rowsA, p.m() + p.k() - rowsA, p.lda(), elementBytes);
    checkMatrix("b", b, rowsB, p.n() + p.k() - rowsB, p.ldb(), elementBytes);
    checkMatrix("c", c, p.m(), p.n(), p.ldc(), elementBytes);
    if (c.isReadOnly()) {
      throw new IllegalArgumentException("c is read-only");
    }
  }

  private static void checkMatrix(
      String name, MemorySegment segment, int rows, int columns, int ld, int elementBytes) {
    if (ld < Math.max(1, columns)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "ld%s is %d, but a row of %s has %d elements", name, ld, name, columns));
    }
    if (!segment.isNative()) {
      throw new IllegalArgumentException(name + " is not native memory: " + segment);
    }
    // In elements, not bytes: at most 2^62, so a long holds it.
    long needed = rows == 0 || columns == 0 ? 0 : (rows - 1L) * ld + columns;
    if (segment.byteSize() / elementBytes < needed) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has %d bytes, but %d rows of %d elements at ld%s=%d need %d elements of %d bytes",
              name,
              segment.byteSize(),
              rows,
              columns,
              name,
              ld,
              needed,
              elementBytes));
    }
  }
}
