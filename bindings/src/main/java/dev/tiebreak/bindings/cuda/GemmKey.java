package dev.tiebreak.bindings.cuda;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The shape of a matrix product c = alpha * op(a) * op(b) + beta * c, row-major, as in {@link
 * dev.tiebreak.bindings.OpenBlas#sgemm OpenBlas.sgemm}; op(x) is x, or its transpose if so asked.
 * Sums are float32.
 *
 * @param transA whether a is stored as (k, m) instead of (m, k)
 * @param transB whether b is stored as (n, k) instead of (k, n)
 * @param m rows of op(a) and c
 * @param n columns of op(b) and c
 * @param k columns of op(a), rows of op(b)
 * @param lda elements from one stored row of a to the next, as are ldb and ldc
 * @param input what a and b are made of
 * @param output what c is made of
 * @param batch how many products of this shape, 1 or more
 * @param strideA elements from one a to the next, as are strideB and strideC
 */
public record GemmKey(
    boolean transA,
    boolean transB,
    int m,
    int n,
    int k,
    int lda,
    int ldb,
    int ldc,
    ElementType input,
    ElementType output,
    int batch,
    long strideA,
    long strideB,
    long strideC) {
  private static final int WORDS = 14;

  /** Checks the sizes. */
  public GemmKey {
    if (m < 1 || n < 1 || k < 1 || batch < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "m, n, k and batch must be at least 1: m=%d, n=%d, k=%d, batch=%d",
              m,
              n,
              k,
              batch));
    }
    if (lda < (transA ? m : k) || ldb < (transB ? k : n) || ldc < n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a leading dimension is smaller than a row: lda=%d, ldb=%d, ldc=%d for m=%d, n=%d, k=%d",
              lda,
              ldb,
              ldc,
              m,
              n,
              k));
    }
  }

  /** One product of matrices without gaps. */
  public static GemmKey of(
      boolean transA, boolean transB, int m, int n, int k, ElementType input, ElementType output) {
    int lda = transA ? m : k;
    int ldb = transB ? k : n;
    return new GemmKey(transA, transB, m, n, k, lda, ldb, n, input, output, 1, 0, 0, 0);
  }

  /** The components in order, as one line of text. */
  String line() {
    var line = new StringJoiner(" ");
    List.of(transA, transB, m, n, k, lda, ldb, ldc, input, output).forEach(x -> line.add("" + x));
    List.of(batch, strideA, strideB, strideC).forEach(x -> line.add("" + x));
    return line.toString();
  }

  /**
   * The opposite of {@link #line}.
   *
   * @throws IllegalArgumentException if that is not such a line
   */
  static GemmKey parse(String line) {
    String[] word = line.split(" ");
    if (word.length != WORDS) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "not %d words: %s", WORDS, line));
    }
    return new GemmKey(
        Boolean.parseBoolean(word[0]),
        Boolean.parseBoolean(word[1]),
        Integer.parseInt(word[2]),
        Integer.parseInt(word[3]),
        Integer.parseInt(word[4]),
        Integer.parseInt(word[5]),
        Integer.parseInt(word[6]),
        Integer.parseInt(word[7]),
        ElementType.valueOf(word[8]),
        ElementType.valueOf(word[9]),
        Integer.parseInt(word[10]),
        Long.parseLong(word[11]),
        Long.parseLong(word[12]),
        Long.parseLong(word[13]));
  }
}
