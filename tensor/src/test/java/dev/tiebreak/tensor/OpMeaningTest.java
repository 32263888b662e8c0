package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values, which a gradient check cannot see: an operation and its slope may agree and be wrong. */
class OpMeaningTest {
  private static final CpuBackend CPU = CpuBackend.create(2);

  private final Scope model = CPU.newScope("inputs");
  private final Scope step = CPU.newScope("step");
  private Tape tape;

  @BeforeEach
  void openTape() {
    tape = Tape.start(step);
  }

  @AfterEach
  void closeAll() {
    tape.close();
    model.close();
    step.close();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  private Tensor vector(DType dtype, double... values) {
    Tensor x = model.zeros(dtype, values.length).requireGradient();
    for (int i = 0; i < values.length; i++) {
      x.set(i, values[i]);
    }
    return x;
  }

  private static void assertIs(Tensor actual, double... expected) {
    assertThat(actual.size()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double allowed = 3e-7 * Math.max(1, Math.abs(expected[i]));
      assertThat(actual.get(i)).isCloseTo(expected[i], within(allowed));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void elementwiseFunctions(DType dtype) {
    Tensor x = vector(dtype, -2, -0.5, 0, 0.5, 2);
    Tensor p = vector(dtype, 1, 2, 4, 0.5, 0.25);
    assertIs(x.add(p), -1, 1.5, 4, 1, 2.25);
    assertIs(x.sub(p), -3, -2.5, -4, 0, 1.75);
    assertIs(x.mul(p), -2, -1, 0, 0.25, 0.5);
    assertIs(x.div(p), -2, -0.25, 0, 1, 8);
    assertIs(x.scale(-3), 6, 1.5, 0, -1.5, -6);
    assertIs(x.shift(1), -1, 0.5, 1, 1.5, 3);
    assertIs(x.exp(), Math.exp(-2), Math.exp(-0.5), 1, Math.exp(0.5), Math.exp(2));
    assertIs(p.log(), 0, Math.log(2), Math.log(4), Math.log(0.5), Math.log(0.25));
    assertIs(p.power(0.5), 1, Math.sqrt(2), 2, Math.sqrt(0.5), 0.5);
    assertIs(x.clamp(-0.5, 1), -0.5, -0.5, 0, 0.5, 1);
    // Known values of both forms of GELU and of SiLU.
    assertIs(x.gelu(), -0.045402306, -0.154285979, 0, 0.345714021, 1.954597694);
    assertIs(x.geluErf(), -0.045500264, -0.154268770, 0, 0.345731230, 1.954499736);
    assertIs(x.silu(), -0.238405844, -0.188770334, 0, 0.311229666, 1.761594156);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void theGatesHaveSlopeOneHalfAtZeroAndTheLimitsFarOut(DType dtype) {
    Tensor x = vector(dtype, 0, -0.0, 1e-38, -1e-31, 30, -30);
    Tensor sum = x.gelu().sum().add(x.geluErf().sum()).add(x.silu().sum());
    tape.backward(sum);
    assertIs(x.gradient(), 1.5, 1.5, 1.5, 1.5, 3, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void reductions(DType dtype) {
    Tensor x = vector(dtype, 1, 2, 3, 4, 6, 8).reshape(2, 3);
    assertIs(x.sum(), 24);
    assertIs(x.mean(), 4);
    assertIs(x.variance(), (9 + 4 + 1 + 0 + 4 + 16) / 6.0);
    assertIs(x.norm(), Math.sqrt(130));
    assertIs(x.sumLast(), 6, 18);
    assertIs(vector(dtype, 0.1, 0.1, 0.1).variance(), 0);
    assertThat(x.sum().shape().rank()).isZero();
    assertThat(x.sumLast().shape().toArray()).containsExactly(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void whatIsSaidOfAPrediction(DType dtype) {
    double bit = Math.log(2);
    Tensor halves = vector(dtype, -bit, -2 * bit, -2 * bit).shift(9);
    assertIs(halves.entropy(), 1.5 * bit);
    assertIs(halves.surprisalVariance(), 0.25 * bit * bit);
    assertIs(halves.uniformCrossEntropy(), 5 * bit / 3);
    Tensor equal = vector(dtype, 7, 7, 7, 7);
    assertIs(equal.entropy(), 2 * bit);
    assertIs(equal.surprisalVariance(), 0);
    assertIs(equal.uniformCrossEntropy(), 2 * bit);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void anImpossibleTokenAddsNothingToAnEntropy(DType dtype) {
    double bit = Math.log(2);
    Tensor x = vector(dtype, -bit, Double.NEGATIVE_INFINITY, -2 * bit, -2 * bit);
    Tensor entropy = x.entropy();
    assertIs(entropy, 1.5 * bit);
    assertIs(x.surprisalVariance(), 0.25 * bit * bit);
    tape.backward(entropy);
    assertIs(x.gradient(), -0.25 * bit, 0, 0.125 * bit, 0.125 * bit);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void normalisations(DType dtype) {
    Tensor x = vector(dtype, 1, 2, 3, 4).reshape(2, 2);
    Tensor w = vector(dtype, 2, 10);
    Tensor b = vector(dtype, 0.5, -0.5);
    double unit = 0.5 / Math.sqrt(0.25 + 0.01);
    assertIs(
        x.layerNorm(w, b, 0.01), 0.5 - 2 * unit, 10 * unit - 0.5, 0.5 - 2 * unit, 10 * unit - 0.5);
    assertIs(x.layerNorm(w, null, 0.01), -2 * unit, 10 * unit, -2 * unit, 10 * unit);
    double first = 1 / Math.sqrt(2.5 + 0.01);
    double second = 1 / Math.sqrt(12.5 + 0.01);
    assertIs(x.rmsNorm(w, 0.01), 2 * first, 20 * first, 6 * second, 40 * second);
  }

  @Test
  void theGradientOfLogitsTakesTheirPlaceWhereItMay() {
    Tensor logits = vector(DType.F32, 1, 2, 3).reshape(1, 3).scale(1);
    Tensor targets = model.of(new int[] {2}, 1);
    Tensor losses = logits.crossEntropyInPlace(targets);
    tape.backward(losses.sum());
    assertThat(logits.gradient().data().address()).isEqualTo(logits.data().address());
    double e = Math.exp(-2) + Math.exp(-1) + 1;
    assertIs(logits.gradient(), Math.exp(-2) / e, Math.exp(-1) / e, 1 / e - 1);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void divergenceIsTheChangeRelativeToTheInput(DType dtype) {
    Tensor x = vector(dtype, 3, 0, -4);
    assertIs(x.divergence(vector(dtype, 3, 2, -4)), 0.4);
    assertIs(x.divergence(x), 0);
    assertIs(vector(dtype, 0, 0).divergence(vector(dtype, 0, 0)), 0);
    assertThat(x.divergence(vector(dtype, 1, 2, 3)).requiresGradient()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void cosineDistanceIsTheMeanOfWhatRowsTurned(DType dtype) {
    Tensor x = vector(dtype, 3, 4, 1, 0, 2, 1, 0, 0).reshape(4, 2);
    Tensor y = vector(dtype, 4, 3, 0, 5, -4, -2, 1, 1).reshape(4, 2);
    assertIs(x.cosineDistance(y), ((1 - 24 / 25.0) + 1 + 2 + 1) / 4); // no direction: a right angle
    assertIs(x.slice(0, 0, 3).cosineDistance(x.slice(0, 0, 3).scale(7)), 0);
    assertThat(x.cosineDistance(y).shape()).isEqualTo(Shape.of());
    assertThat(x.requireGradient().cosineDistance(y).requiresGradient()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void softmaxAndCrossEntropy(DType dtype) {
    Tensor x = vector(dtype, 0, Math.log(2), Math.log(5), 1000, 1000, 999).reshape(2, 3);
    double e = 2 + Math.exp(-1);
    assertIs(x.softmax(), 1 / 8.0, 2 / 8.0, 5 / 8.0, 1 / e, 1 / e, Math.exp(-1) / e);
    Tensor losses = x.crossEntropy(model.of(new int[] {1, 2}, 2));
    assertThat(losses.toDoubles())
        .containsExactly(new double[] {Math.log(4), 1 + Math.log(e)}, within(1e-4));
    int ignore = CrossEntropy.IGNORE;
    assertThat(ignore).isEqualTo(-100);
    assertIs(x.crossEntropy(model.of(new int[] {ignore, ignore}, 2)), 0, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void predictionsAreLossEntropyAndLowestLoss(DType dtype) {
    double no = Double.NEGATIVE_INFINITY;
    Tensor x = vector(dtype, 0, 2 * Math.log(3), no, 1000, 1000, 1000).reshape(2, 3);
    Tensor numbers = x.predictions(model.of(new int[] {0, 2}, 2), 2); // p = 1/4, 3/4, 0
    double entropy = Math.log(4) - 0.75 * Math.log(3);
    double third = Math.log(3);
    assertIs(numbers, Math.log(4), entropy, Math.log(4) - Math.log(3), third, third, third);
    assertThat(numbers.shape().toArray()).containsExactly(2, 3);
    assertThat(numbers.requiresGradient()).isFalse();
    assertThat(numbers.get(3)).as("a likeliest target").isEqualTo(numbers.get(5));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void anIgnoredTokenCostsNothingAndPassesNoGradient(DType dtype) {
    Tensor x = vector(dtype, 3, 1, 4, 1, 5, 9).reshape(2, 3).scale(1);
    Tensor targets = model.of(new int[] {2, CrossEntropy.IGNORE}, 2);
    Tensor losses = x.crossEntropy(targets);
    assertThat(losses.get(1)).isZero();
    tape.backward(losses.sum());
    assertThat(x.gradient().slice(0, 1, 1).toDoubles()).containsExactly(0, 0, 0);
    assertThat(x.gradient().get(2)).isNegative();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void embeddingLooksRowsUpAndAddsRepeatedTokensUp(DType dtype) {
    Tensor table = vector(dtype, 1, 2, 3, 4, 5, 6).reshape(3, 2).contiguous();
    Tensor rows = table.embedding(model.of(new int[] {2, 0, 2, 2}, 2, 2));
    assertThat(rows.shape().toArray()).containsExactly(2, 2, 2);
    assertIs(rows, 5, 6, 1, 2, 5, 6, 5, 6);
    Tensor upstream = step.zeros(dtype, 2, 2, 2);
    for (int i = 0; i < 8; i++) {
      upstream.set(i, i + 1);
    }
    tape.backward(rows, upstream);
    assertThat(table.gradient().toDoubles()).containsExactly(3, 4, 0, 0, 1 + 5 + 7, 2 + 6 + 8);
  }

  @Test
  void tokensAndTargetsMayBeStridedViews() {
    Tensor tokens = model.of(new int[] {0, 1, 2, 3, 4, 5}, 2, 3); // two sequences of three
    Tensor table = vector(DType.F32, 10, 11, 12, 13, 14, 15).reshape(6, 1);
    Tensor rows = table.embedding(tokens.slice(1, 0, 2));
    assertIs(rows, 10, 11, 13, 14);
    Tensor logits = model.zeros(DType.F32, 2, 2, 6);
    assertThat(logits.crossEntropy(tokens.slice(1, 1, 2)).shape().toArray()).containsExactly(2, 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void swiGluGatesTheSecondHalfByTheFirst(DType dtype) {
    double silu1 = 1 / (1 + Math.exp(-1));
    double silu2 = 2 / (1 + Math.exp(-2));
    assertIs(vector(dtype, 1, 2, 3, 4).swiGlu(), silu1 * 3, silu2 * 4);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void ropeTurnsHalvesAgainstEachOtherByPosition(DType dtype) {
    Rotation rotation = Rotation.of(model, dtype, 8, 4, 100);
    assertThat(rotation.cos().shape()).isEqualTo(Shape.of(8, 2));
    assertThat(rotation.cos().get(2 * 3)).isCloseTo(Math.cos(3), within(1e-7));
    assertThat(rotation.sin().get(2 * 3 + 1)).isCloseTo(Math.sin(0.3), within(1e-7));
    Tensor x = vector(dtype, 1, 2, 3, 4, 9, 9, 9, 9).reshape(1, 1, 8); // one head, then values
    Tensor y = x.rope(rotation, 1, 3);
    double a = 3;
    double b = 0.3;
    assertThat(y.toDoubles())
        .containsExactly(
            new double[] {
              Math.cos(a) - 3 * Math.sin(a),
              2 * Math.cos(b) - 4 * Math.sin(b),
              3 * Math.cos(a) + Math.sin(a),
              4 * Math.cos(b) + 2 * Math.sin(b),
              9,
              9,
              9,
              9
            },
            within(1e-6));
  }

  @Test
  void ropeAtAPositionIsTheRowOfTheWholeSequence() {
    Rotation rotation = Rotation.of(model, DType.F32, 9, 34, 10_000);
    Tensor x = random(2, 9, 3 * 34);
    Tensor whole = x.rope(rotation, 2, 0);
    for (int t = 0; t < 9; t++) {
      Tensor one = x.slice(1, t, 1).rope(rotation, 2, t);
      assertThat(one.toFloats()).isEqualTo(whole.slice(1, t, 1).contiguous().toFloats());
    }
  }

  @Test
  void dropoutKeepsTheRightShareScaledAndTheSameElementsInBothDirections() {
    Tensor x = vector(DType.F32, new double[40_000]);
    x.copyFrom(x.shift(1));
    var random = new Philox(3, Philox.DROPOUT);
    Tensor y = x.dropout(0.25, random, 1000);
    long kept = y.size() - count(y, 0);
    assertThat(kept / 40_000.0).isCloseTo(0.75, within(0.01));
    assertThat(count(y, (float) (1 / 0.75))).isEqualTo(kept);
    float[] dropped = y.toFloats();
    tape.backward(y.sum());
    assertThat(x.gradient().toFloats()).isEqualTo(dropped); // as x is all ones
  }

  @Test
  void dropoutIsFixedBySeedAndOffsetAndNothingAtProbabilityZero() {
    Tensor x = random(500);
    var random = new Philox(3, Philox.DROPOUT);
    float[] y = x.dropout(0.5, random, 10).toFloats();
    assertThat(x.dropout(0.5, new Philox(3, Philox.DROPOUT), 10).toFloats()).isEqualTo(y);
    assertThat(x.dropout(0.5, random, 11).toFloats()).isNotEqualTo(y);
    assertThat(x.dropout(0.5, new Philox(4, Philox.DROPOUT), 10).toFloats()).isNotEqualTo(y);
    assertThat(x.dropout(0, random, 10)).isSameAs(x);
  }

  @Test
  void detachCutsTheGradientAndSharesTheElements() {
    Tensor x = vector(DType.F64, 1, 2, 3);
    Tensor cut = x.detach();
    assertThat(cut.requiresGradient()).isFalse();
    assertThat(cut.data().address()).isEqualTo(x.data().address());
    tape.backward(x.mul(cut).sum());
    assertThat(x.gradient().toDoubles()).containsExactly(1, 2, 3); // not 2, 4, 6
  }

  @Test
  void clampPassesGradientsInsideItsBordersOnly() {
    Tensor x = vector(DType.F64, -3, -1, 0, 1, 3);
    tape.backward(x.clamp(-1, 1).sum());
    assertThat(x.gradient().toDoubles()).containsExactly(0, 1, 1, 1, 0);
  }

  @Test
  void theNormOfZeroHasAZeroGradient() {
    Tensor x = vector(DType.F32, 0, 0, 0);
    tape.backward(x.norm());
    assertThat(x.gradient().toDoubles()).containsExactly(0, 0, 0);
  }

  private static long count(Tensor x, float value) {
    long count = 0;
    for (float element : x.toFloats()) {
      count += element == value ? 1 : 0;
    }
    return count;
  }

  private Tensor random(int... dims) {
    var random = new Random(5);
    Tensor tensor = model.zeros(DType.F32, dims);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }
}
