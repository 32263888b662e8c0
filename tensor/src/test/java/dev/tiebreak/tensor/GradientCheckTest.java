package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.table.OpCase.in;
import static dev.tiebreak.tensor.table.OpCase.op;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.table.OpCase;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The gradient checker must see each kind of wrong derivative, or it checks nothing. */
class GradientCheckTest {
  private static final CpuBackend CPU = CpuBackend.scalar();

  @AfterAll
  static void close() {
    CPU.close();
  }

  @Test
  void aRightDerivativePasses() {
    assertThat(error(expWithSlope((x, y) -> y, 20))).isLessThan(1e-8);
    assertThat(error(expWithSlope((x, y) -> y, 2000))).isLessThan(1e-8);
  }

  @Test
  void aSlopeWrongByOnePercentIsSeen() {
    assertThat(error(expWithSlope((x, y) -> 1.01 * y, 20))).isBetween(0.009, 0.011);
    assertThat(error(expWithSlope((x, y) -> 1.01 * y, 2000))).isBetween(0.009, 0.011);
  }

  @Test
  void aSlopeWrongByOneInAHundredThousandIsSeen() {
    assertThat(error(expWithSlope((x, y) -> 1.00001 * y, 20))).isBetween(0.9e-5, 1.1e-5);
  }

  @Test
  void oneWrongElementAmongThousandsIsSeen() {
    OpCase wrong = op("wrong element", x -> scaled(x[0], 1, 777), in(2000));
    assertThat(error(wrong)).isGreaterThan(1e-4);
  }

  @Test
  void tooLargeAStepIsSeen() {
    OpCase right = expWithSlope((x, y) -> y, 20);
    assertThat(GradientCheck.largestError(CPU, right, 0.1).error()).isGreaterThan(1e-3);
  }

  @Test
  void tooSmallAStepIsSeen() {
    OpCase right = expWithSlope((x, y) -> y, 20);
    assertThat(GradientCheck.largestError(CPU, right, 1e-14).error()).isGreaterThan(1e-3);
  }

  @Test
  void aBackwardThatIgnoresTheUpstreamGradientIsSeen() {
    OpCase wrong = op("ignores dy", x -> ignoresUpstream(x[0]), in(5));
    assertThat(error(wrong)).isGreaterThan(0.1);
  }

  @Test
  void aBackwardThatOverwritesInsteadOfAddingIsSeen() {
    OpCase wrong = op("overwrites", x -> scaled(x[0], 1, -1).add(x[0].scale(2)), in(5));
    assertThat(error(wrong)).isGreaterThan(0.1);
  }

  @Test
  void aBackwardThatForgetsAnInputIsSeen() {
    OpCase wrong = op("forgets b", x -> x[0].mul(x[1].detach()), in(5), in(5));
    GradientCheck.Mismatch found = GradientCheck.largestError(CPU, wrong);
    assertThat(found.error()).isEqualTo(1);
    assertThat(found.place()).contains("forgets b, input 1, element");
  }

  @Test
  void aGradientThatIsNotANumberIsSeen() {
    assertThat(error(expWithSlope((x, y) -> Double.NaN, 5))).isInfinite();
  }

  private static double error(OpCase op) {
    return GradientCheck.largestError(CPU, op).error();
  }

  private static OpCase expWithSlope(DoubleBinaryOperator slope, int size) {
    return op(
        "exp",
        x -> Pointwise.apply(x[0], new Pointwise.Function("exp", 0, 0, Math::exp, slope, null)),
        in(size));
  }

  /** factor * x, whose backward overwrites, and is 1 % wrong at one place. */
  private static Tensor scaled(Tensor x, double factor, int wrongElement) {
    Tensor y = x.like();
    for (long i = 0; i < x.size(); i++) {
      y.set(i, factor * x.get(i));
    }
    return y.record(
        () -> {
          x.startGradient();
          for (long i = 0; i < x.size(); i++) {
            double slope = i == wrongElement ? 1.01 * factor : factor;
            x.gradient().set(i, slope * y.gradient().get(i));
          }
        },
        x);
  }

  private static Tensor ignoresUpstream(Tensor x) {
    Tensor y = x.like();
    y.copyFrom(x);
    return y.record(
        () -> {
          boolean add = x.startGradient();
          for (long i = 0; i < x.size(); i++) {
            x.gradient().put(i, 1, add);
          }
        },
        x);
  }
}
