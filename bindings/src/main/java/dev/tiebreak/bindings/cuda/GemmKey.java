package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.Matmul;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The shape of a matrix product, or of a batch of them, with sums in float32.
 *
 * @param product transposes, sizes and leading dimensions; its factors do not count: they are 1 and
 *     0 here
 * @param input what a and b are made of
 * @param output what c is made of
 * @param batch how many products of this shape, 1 or more
 * @param strideA elements from one a to the next, as are strideB and strideC
 */
public record GemmKey(
    Matmul product,
    ElementType input,
    ElementType output,
    int batch,
    long strideA,
    long strideB,
    long strideC) {
  private static final int WORDS = 14;

  /** Checks the sizes. */
  public GemmKey {
    product = product.withFactors(1, 0);
    int m = product.m();
    int n = product.n();
    int k = product.k();
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
    if (product.lda() < (product.transposeA() ? m : k)
        || product.ldb() < (product.transposeB() ? k : n)
        || product.ldc() < n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a leading dimension is smaller than a row: lda=%d, ldb=%d, ldc=%d for m=%d, n=%d, k=%d",
              product.lda(),
              product.ldb(),
              product.ldc(),
              m,
              n,
              k));
    }
  }

  /** One product. */
  public static GemmKey of(Matmul product, ElementType input, ElementType output) {
    return new GemmKey(product, input, output, 1, 0, 0, 0);
  }

  /** All its numbers in order, as one line of text. */
  String line() {
    Matmul p = product;
    var line = new StringJoiner(" ");
    List.of(p.transposeA(), p.transposeB(), p.m(), p.n(), p.k(), p.lda(), p.ldb(), p.ldc())
        .forEach(x -> line.add("" + x));
    List.of(input, output, batch, strideA, strideB, strideC).forEach(x -> line.add("" + x));
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
    int[] sizes = new int[8];
    for (int i = 2; i < sizes.length; i++) {
      sizes[i] = Integer.parseInt(word[i]);
    }
    Matmul product =
        new Matmul(
            Boolean.parseBoolean(word[0]),
            Boolean.parseBoolean(word[1]),
            sizes[2],
            sizes[3],
            sizes[4],
            1,
            sizes[5],
            sizes[6],
            0,
            sizes[7]);
    return new GemmKey(
        product,
        ElementType.valueOf(word[8]),
        ElementType.valueOf(word[9]),
        Integer.parseInt(word[10]),
        Long.parseLong(word[11]),
        Long.parseLong(word[12]),
        Long.parseLong(word[13]));
  }
}
