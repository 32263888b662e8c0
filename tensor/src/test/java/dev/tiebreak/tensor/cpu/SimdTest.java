package dev.tiebreak.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector vocabulary against double arithmetic: the error bounds are those of its Javadoc. */
class SimdTest {
  private static final int POINTS = 1 << 17;

  @FunctionalInterface
  private interface VectorFunction extends UnaryOperator<FloatVector> {}

  static Stream<Arguments> relativeBounds() {
    DoubleUnaryOperator sigmoid = x -> 1 / (1 + StrictMath.exp(-x));
    DoubleUnaryOperator erfc = Erfc::value;
    return Stream.of(
        bound("exp", Simd::exp, StrictMath::exp, -87.33, 88.37, 2.5e-7),
        bound("exp", Simd::exp, StrictMath::exp, -1, 1, 2.5e-7),
        bound("exp", Simd::exp, StrictMath::exp, -1e-3, 1e-3, 2.5e-7),
        bound("sigmoid", Simd::sigmoid, sigmoid, -87, 87, 3.5e-7),
        bound("sigmoid", Simd::sigmoid, sigmoid, -10, 10, 3.5e-7),
        bound("erfc", Simd::erfc, erfc, -10, 2, 1e-6),
        bound("erfc", Simd::erfc, erfc, 2, 9, 1e-5));
  }

  static Stream<Arguments> absoluteBounds() {
    return Stream.of(
        bound("erfc", Simd::erfc, Erfc::value, -100, 100, 4e-7),
        bound("erfc", Simd::erfc, Erfc::value, -3, 3, 4e-7));
  }

  private static Arguments bound(
      String name,
      VectorFunction function,
      DoubleUnaryOperator reference,
      double from,
      double to,
      double bound) {
    return arguments(name, from, to, bound, function, reference);
  }

  @ParameterizedTest(name = "{0} from {1} to {2}: {3}")
  @MethodSource
  void relativeBounds(
      String name,
      double from,
      double to,
      double bound,
      VectorFunction function,
      DoubleUnaryOperator reference) {
    float[] x = range(from, to);
    float[] y = apply(function, x);
    for (int i = 0; i < POINTS; i++) {
      double expected = reference.applyAsDouble(x[i]);
      if (!(Math.abs(y[i] - expected) <= bound * Math.abs(expected))) {
        throw new AssertionError(
            String.format(Locale.ROOT, "%s(%s) is %s, not %s", name, x[i], y[i], expected));
      }
    }
  }

  @ParameterizedTest(name = "{0} from {1} to {2}: {3}")
  @MethodSource
  void absoluteBounds(
      String name,
      double from,
      double to,
      double bound,
      VectorFunction function,
      DoubleUnaryOperator reference) {
    float[] x = range(from, to);
    float[] y = apply(function, x);
    for (int i = 0; i < POINTS; i++) {
      double expected = reference.applyAsDouble(x[i]);
      if (!(Math.abs(y[i] - expected) <= bound)) {
        throw new AssertionError(
            String.format(Locale.ROOT, "%s(%s) is %s, not %s", name, x[i], y[i], expected));
      }
    }
  }

  @Test
  void notANumberStaysNotANumberWhateverItsPayload() {
    float[] nans = new float[64];
    var random = new Random(1);
    for (int i = 0; i < nans.length; i++) {
      int payload = i == 0 ? 0x400000 : 1 + random.nextInt(0x7FFFFF);
      nans[i] = Float.intBitsToFloat((i % 2 == 0 ? 0x7F800000 : 0xFF800000) | payload);
    }
    assertThat(apply(Simd::exp, nans)).containsOnly(Float.NaN);
    assertThat(apply(Simd::sigmoid, nans)).containsOnly(Float.NaN);
    assertThat(apply(Simd::erfc, nans)).containsOnly(Float.NaN);
    for (int lane = 0; lane < Simd.lanes(); lane++) {
      FloatVector one = Simd.broadcast(1).withLane(lane, Float.NaN);
      assertThat(Simd.sum(one)).isNaN();
      assertThat(Simd.max(one)).isNaN();
    }
  }

  @Test
  void infinitiesAndZerosGiveTheLimitsWithinTheClamp() {
    float[] x = {Float.NEGATIVE_INFINITY, -1e30f, -0f, 0f, 1e30f, Float.POSITIVE_INFINITY};
    assertThat(apply(Simd::exp, x))
        .containsExactly(1.1832107e-38f, 1.1832107e-38f, 1, 1, 2.3911373e38f, 2.3911373e38f);
    assertThat(apply(Simd::sigmoid, x)).satisfies(y -> limits(y, 0, 0.5f, 1));
    assertThat(apply(Simd::erfc, x)).satisfies(y -> limits(y, 2, 1, 0));
  }

  private static void limits(float[] y, float left, float middle, float right) {
    float[] expected = {left, left, middle, middle, right, right};
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isBetween(expected[i] - 2e-38f, expected[i] + 2e-38f);
    }
  }

  @Test
  void sumAddsEveryLaneOnceInTheOrderOfHalves() {
    var random = new Random(2);
    for (int round = 0; round < 100; round++) {
      float[] lanes = new float[Simd.lanes()];
      for (int i = 0; i < lanes.length; i++) {
        lanes[i] = (float) random.nextGaussian();
      }
      float sum = Simd.sum(FloatVector.fromArray(Simd.FLOATS, lanes, 0));
      float[] folded = lanes.clone();
      for (int half = Math.min(16, lanes.length) / 2; half >= 1; half /= 2) {
        float[] next = new float[lanes.length];
        for (int i = 0; i < lanes.length; i++) {
          next[i] = folded[i] + folded[(i + half) % lanes.length];
        }
        folded = next;
      }
      assertThat(sum).isEqualTo(folded[0]);
    }
  }

  /** The first calls are interpreted, the last ones compiled; all give the same bits. */
  @Test
  void interpretedAndCompiledCodeGiveTheSameBits() {
    float[] x = new float[256];
    var random = new Random(3);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (3 * random.nextGaussian());
    }
    int first = fingerprint(x);
    for (int round = 0; round < 3000; round++) {
      assertThat(fingerprint(x)).isEqualTo(first);
    }
  }

  private static int fingerprint(float[] x) {
    int hash = 0;
    for (int i = 0; i < x.length; i += Simd.lanes()) {
      FloatVector v = FloatVector.fromArray(Simd.FLOATS, x, i);
      hash = 31 * hash + Float.floatToRawIntBits(Simd.sum(v));
      hash = 31 * hash + Float.floatToRawIntBits(Simd.max(v));
      hash = 31 * hash + Float.floatToRawIntBits(Simd.sum(Simd.exp(v)));
      hash = 31 * hash + Float.floatToRawIntBits(Simd.sum(Simd.erfc(v)));
      hash = 31 * hash + Float.floatToRawIntBits(Simd.sum(Simd.sigmoid(v)));
    }
    return hash;
  }

  @Test
  void maskedStoresTouchOnlyTheirLanes() {
    int lanes = Simd.lanes();
    for (int count = 1; count <= lanes; count++) {
      float[] array = new float[2 * lanes];
      for (int i = 0; i < array.length; i++) {
        array[i] = i + 1;
      }
      MemorySegment data = MemorySegment.ofArray(array);
      var mask = Simd.tail(1, 1 + count);
      Simd.store(data, 1, Simd.load(data, 1).neg(), mask);
      for (int i = 0; i < array.length; i++) {
        boolean inside = i >= 1 && i < 1 + count;
        assertThat(array[i]).isEqualTo(inside ? -(i + 1) : i + 1);
      }
    }
  }

  @Test
  void productsAreAddedInTheLanesOfTheMaskOnly() {
    int lanes = Simd.lanes();
    FloatVector numbers = FloatVector.zero(Simd.FLOATS).addIndex(1);
    FloatVector garbage = Simd.broadcast(Float.NaN);
    for (int count = 1; count < lanes; count++) {
      var mask = Simd.tail(0, count);
      FloatVector factor = garbage.blend(Simd.broadcast(2), mask);
      FloatVector sum = Simd.addProduct(Simd.broadcast(1), numbers, factor, mask);
      for (int lane = 0; lane < lanes; lane++) {
        assertThat(sum.lane(lane)).isEqualTo(lane < count ? 1 + 2 * lane : 1);
      }
    }
  }

  private static float[] range(double from, double to) {
    float[] x = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = (float) (from + (to - from) * i / (POINTS - 1));
    }
    return x;
  }

  private static float[] apply(VectorFunction function, float[] x) {
    float[] y = new float[(x.length + Simd.lanes() - 1) / Simd.lanes() * Simd.lanes()];
    for (int i = 0; i < x.length; i += Simd.lanes()) {
      var mask = Simd.tail(i, x.length);
      function.apply(FloatVector.fromArray(Simd.FLOATS, x, i, mask)).intoArray(y, i);
    }
    return Arrays.copyOf(y, x.length);
  }
}
