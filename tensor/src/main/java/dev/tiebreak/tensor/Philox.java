package dev.tiebreak.tensor;

/**
 * Philox 4x32-10: random numbers by counter, not by state (Salmon, Moraes, Dror and Shaw, "Parallel
 * Random Numbers: As Easy as 1, 2, 3", SC 2011).
 *
 * <p>The number at {@code index} depends only on (seed, stream, index), so any thread, any device
 * and any resumed run draws the same one. Streams keep the uses apart: data order never shifts
 * because dropout drew one number more.
 */
public final class Philox {
  /** Stream of weight initialisation. */
  public static final int INIT = 0;

  /** Stream of the data order. */
  public static final int DATA = 1;

  /** Stream of dropout masks. */
  public static final int DROPOUT = 2;

  /** Stream of token sampling. */
  public static final int SAMPLING = 3;

  /** Stream of the rounding of weights. */
  public static final int ROUNDING = 4;

  /** Stream of what is put in an order without meaning, to compare with. */
  public static final int PLACEBO = 5;

  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final double INVERSE_2_32 = 0x1p-32;

  private final int key0;
  private final int key1;
  private final int stream;

  /**
   * A source of numbers.
   *
   * @param seed the seed, all 64 bits are used
   * @param stream one of the stream constants, or any other number for a use of your own
   */
  public Philox(long seed, int stream) {
    this.key0 = (int) seed;
    this.key1 = (int) (seed >>> 32);
    this.stream = stream;
  }

  /** The seed. */
  public long seed() {
    return (long) key1 << 32 | key0 & 0xFFFFFFFFL;
  }

  /** The stream. */
  public int stream() {
    return stream;
  }

  /** 32 random bits at {@code index}: word {@code index % 4} of block {@code index / 4}. */
  public int bits(long index) {
    return block(index >>> 2, (int) index & 3);
  }

  /** A number in [0, 1) with 32 random bits. */
  public double uniform(long index) {
    return (bits(index) & 0xFFFFFFFFL) * INVERSE_2_32;
  }

  /** A whole number in [0, bound), by multiply-shift; the bias is below bound / 2^32. */
  public int below(long index, int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, got " + bound);
    }
    return (int) (((bits(index) & 0xFFFFFFFFL) * bound) >>> 32);
  }

  /** A whole number in [0, bound) from 64 random bits, for bounds above 2^31. */
  public long below(long index, long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, got " + bound);
    }
    long high = block(index >>> 1, ((int) index & 1) * 2) & 0xFFFFFFFFL;
    long low = block(index >>> 1, ((int) index & 1) * 2 + 1) & 0xFFFFFFFFL;
    return Math.unsignedMultiplyHigh(high << 32 | low, bound);
  }

  /**
   * A standard normal number by Box-Muller, from two words of one block. Uses StrictMath: the same
   * bits on every machine.
   */
  public double gaussian(long index) {
    int lane = ((int) index & 1) * 2;
    double u = ((block(index >>> 1, lane) & 0xFFFFFFFFL) + 1) * INVERSE_2_32; // (0, 1]
    double v = (block(index >>> 1, lane + 1) & 0xFFFFFFFFL) * INVERSE_2_32;
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }

  private int block(long counter, int word) {
    return block((int) counter, (int) (counter >>> 32), stream, 0, key0, key1, word);
  }

  /** One word of a block: ten rounds on counter c under key k. */
  static int block(int c0, int c1, int c2, int c3, int k0, int k1, int word) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return switch (word) {
      case 0 -> c0;
      case 1 -> c1;
      case 2 -> c2;
      default -> c3;
    };
  }
}
