package dev.tiebreak.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/** Shape checks that say which operation got what. */
final class Shapes {
  private Shapes() {}

  static void requireTrailing(String op, Tensor a, Tensor b) {
    requireSameType(op, a, b);
    if (!a.shape().endsWith(b.shape())) {
      throw new IllegalArgumentException(
          op + ": " + b.shape() + " does not equal the trailing dimensions of " + a.shape());
    }
  }

  /** A weight or bias must have exactly one element for each column. */
  static void requireRow(String op, String what, Tensor row, int columns) {
    require(
        row.shape().rank() == 1 && row.dim(0) == columns,
        "%s: %s has shape %s, it must be [%d]",
        op,
        what,
        row.shape(),
        columns);
  }

  static void requireSameType(String op, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new IllegalArgumentException(op + ": types differ, " + a.dtype() + " and " + b.dtype());
    }
  }

  static void requireSameShape(String op, Tensor a, Tensor b) {
    requireSameType(op, a, b);
    require(a.shape().equals(b.shape()), "%s: shapes differ, %s and %s", op, a.shape(), b.shape());
  }

  static void requireTokens(String op, Tensor tokens) {
    if (tokens.dtype() != DType.I32) {
      throw new IllegalArgumentException(op + ": token ids must be I32, got " + tokens.dtype());
    }
  }

  static void require(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, args));
    }
  }

  /**
   * Requires token ids of a vocabulary.
   *
   * @param what they are, to begin the message with
   * @param other one more number that is allowed
   */
  static void requireIds(String what, Tensor ids, int vocabulary, int other) {
    MemorySegment data = ids.data();
    for (long i = 0; i < data.byteSize() / Integer.BYTES; i++) {
      int id = data.getAtIndex(ValueLayout.JAVA_INT, i);
      require(
          id >= 0 && id < vocabulary || id == other,
          "%s %d at position %d is outside the vocabulary of %d",
          what,
          id,
          i,
          vocabulary);
    }
  }
}
