package dev.tiebreak.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vocabulary of the vector loops: loads, stores and the elementary functions a transformer
 * needs, on as many float32 lanes as the processor has.
 *
 * <p>The functions are polynomials of our own, so results do not depend on a vendor's maths
 * library. Each states its error; the scalar twins of the operations use {@link Math} in double.
 *
 * <p>Constants are vectors made once: the compiler gives up inlining in a loop with too many calls,
 * every {@code broadcast} is one, and what is not inlined makes an object of each vector.
 */
public final class Simd {
  /** The widest float32 vector of this machine. */
  public static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final FloatVector LANE_NUMBERS =
      FloatVector.zero(FLOATS).addIndex(1); // 0, 1, 2, ...
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1);
  private static final FloatVector TWO = broadcast(2);

  private static final FloatVector EXP_MIN = broadcast(-87.33f); // exp is the smallest normal float
  private static final FloatVector EXP_MAX = broadcast(88.37f);
  private static final FloatVector LOG2_E = broadcast(1.44269504f);
  private static final FloatVector ROUNDER = broadcast(12582912f + 127); // 1.5 * 2^23 and the bias
  private static final FloatVector MINUS_LN2_HIGH = broadcast(-0.693359375f); // -355/512: few bits
  private static final FloatVector MINUS_LN2_LOW = broadcast(2.12194440e-4f);
  private static final FloatVector EXP_3 = broadcast(1.6666667e-1f); // 1/3!
  private static final FloatVector EXP_4 = broadcast(4.1666667e-2f);
  private static final FloatVector EXP_5 = broadcast(8.3333333e-3f);
  private static final FloatVector EXP_6 = broadcast(1.3888889e-3f);

  private static final FloatVector ERFC_0 = broadcast(-1.26551223f);
  private static final FloatVector ERFC_1 = broadcast(1.00002368f);
  private static final FloatVector ERFC_2 = broadcast(0.37409196f);
  private static final FloatVector ERFC_3 = broadcast(0.09678418f);
  private static final FloatVector ERFC_4 = broadcast(-0.18628806f);
  private static final FloatVector ERFC_5 = broadcast(0.27886807f);
  private static final FloatVector ERFC_6 = broadcast(-1.13520398f);
  private static final FloatVector ERFC_7 = broadcast(1.48851587f);
  private static final FloatVector ERFC_8 = broadcast(-0.82215223f);
  private static final FloatVector ERFC_9 = broadcast(0.17087277f);

  private Simd() {}

  private static VectorShuffle<Float> rotation(int by) {
    int lanes = FLOATS.length();
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + by) % lanes);
  }

  /** The lanes of one vector. */
  public static int lanes() {
    return FLOATS.length();
  }

  /**
   * Loads a full vector from element {@code index}. A loop loads no masked ones, which cost three
   * times as much: memory goes on past a tensor's end, so that what is not wanted can be loaded
   * too, and a masked store or sum leaves it out.
   */
  public static FloatVector load(MemorySegment data, long index) {
    return FloatVector.fromMemorySegment(FLOATS, data, index << 2, ORDER);
  }

  /**
   * Loads the lanes of {@code mask}, the others are zero: once behind a loop, for memory that may
   * end with its last element.
   */
  public static FloatVector loadLast(MemorySegment data, long index, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(FLOATS, data, index << 2, ORDER, mask);
  }

  /** Stores a full vector at element {@code index}. */
  public static void store(MemorySegment data, long index, FloatVector value) {
    value.intoMemorySegment(data, index << 2, ORDER);
  }

  /** Stores the lanes of {@code mask}. */
  public static void store(
      MemorySegment data, long index, FloatVector value, VectorMask<Float> mask) {
    value.intoMemorySegment(data, index << 2, ORDER, mask);
  }

  /**
   * The lanes that are left when {@code index} has come close to {@code end}; all of them before. A
   * comparison without branches: a loop that uses it compiles once and for all.
   */
  public static VectorMask<Float> tail(long index, long end) {
    return LANE_NUMBERS.lt((float) (end - index));
  }

  /** All lanes equal. */
  public static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /**
   * e^x, relative error below 2.5e-7; arguments are clamped to [-87.33, 88.37], so e^-infinity is
   * 1.2e-38. Range reduction x = n ln 2 + r with |r| at most ln 2 / 2, a degree-6 polynomial in r,
   * then times 2^n, a float whose exponent field is n + 127.
   */
  public static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(EXP_MIN).min(EXP_MAX);
    FloatVector shifted = clamped.fma(LOG2_E, ROUNDER); // n in the low bits
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
    FloatVector p = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3);
    p = p.fma(r, HALF).fma(r, ONE).fma(r, ONE);
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.mul(power.reinterpretAsFloats()); // a product, so that NaN stays NaN
  }

  /** 1 / (1 + e^-x), relative error below 3.5e-7 from x = -87 on. */
  public static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /**
   * 1 - erf(x) for any x, absolute error below 4e-7; relative error below 1e-6 up to x = 2 and, as
   * the rounding of x^2 grows, 1e-5 up to x = 9. A Chebyshev fit in 1 / (1 + |x|/2) (Press et al.,
   * "Numerical Recipes", section 6.2).
   */
  public static FloatVector erfc(FloatVector x) {
    FloatVector z = x.abs();
    FloatVector t = ONE.div(z.fma(HALF, ONE));
    FloatVector p = ERFC_9.fma(t, ERFC_8).fma(t, ERFC_7).fma(t, ERFC_6).fma(t, ERFC_5);
    p = p.fma(t, ERFC_4).fma(t, ERFC_3).fma(t, ERFC_2).fma(t, ERFC_1).fma(t, ERFC_0);
    FloatVector positive = t.mul(exp(p.sub(z.mul(z))));
    VectorMask<Float> negative = x.lt(0f);
    return positive.blend(TWO.sub(positive), negative);
  }

  /** sum + a b in the lanes of {@code mask}, sum in the others. */
  public static FloatVector addProduct(
      FloatVector sum, FloatVector a, FloatVector b, VectorMask<Float> mask) {
    return sum.add(a.mul(b), mask);
  }

  /** Sum of all lanes, folded in halves: the same order, hence the same bits, every time. */
  public static float sum(FloatVector x) {
    FloatVector folded = x;
    if (FLOATS.length() >= 16) {
      folded = folded.add(folded.rearrange(BY_8));
    }
    if (FLOATS.length() >= 8) {
      folded = folded.add(folded.rearrange(BY_4));
    }
    if (FLOATS.length() >= 4) {
      folded = folded.add(folded.rearrange(BY_2));
    }
    return folded.add(folded.rearrange(BY_1)).lane(0);
  }

  /** Largest lane. */
  public static float max(FloatVector x) {
    return x.reduceLanes(VectorOperators.MAX);
  }
}
