package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights do not depend on how a step is divided into micro-batches. */
class WholeStepTest {
  private static final int ROWS = 12;
  private static final int LENGTH = 5;
  private static final int CLASSES = 9;

  private final Workbench bench = new Workbench();
  private final Tensor logits = bench.normal(DType.F64, 2, ROWS, LENGTH, CLASSES);
  private final Tensor targets = bench.tokens(CLASSES, ROWS, LENGTH);

  @AfterEach
  void close() {
    bench.close();
  }

  private static Terms terms(Window scope) {
    return new Terms(0.5, 0, 0.1, 0, 0.2, 3, true, scope);
  }

  private Prediction part(int part, int parts, long step) {
    int rows = ROWS / parts;
    Tensor scores = logits.slice(0, part * rows, rows);
    Tensor right = targets.slice(0, part * rows, rows);
    Tensor losses = scores.crossEntropy(right);
    return new Prediction(scores, losses, right, step, step * parts + part);
  }

  /** Weights of the tokens of a step in so many micro-batches, and the mean of their losses. */
  private List<Double> shape(TokenGain gain, int parts, long step) {
    gain.begin();
    if (gain.looksAhead(parts)) {
      for (int i = 0; i < parts; i++) {
        try (Tape _ = bench.record()) {
          gain.look(part(i, parts, step), parts);
        }
      }
      try (Tape _ = bench.infer()) {
        gain.weigh(step);
      }
    }
    List<Double> numbers = new ArrayList<>();
    double loss = 0;
    for (int i = 0; i < parts; i++) {
      try (Tape _ = bench.record()) {
        ShapedLoss shaped = gain.shape(part(i, parts, step));
        for (double w : shaped.weights().toDoubles()) {
          numbers.add(w);
        }
        loss += shaped.loss().item() / parts;
      }
    }
    numbers.add(loss);
    return numbers;
  }

  private static void compare(List<Double> actual, List<Double> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"RHO", "CONSTANT"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyGainWeighsTheTokensOfADividedStepAsThoseOfAWholeOne(Weighting weighting) {
    for (Window scope : List.of(Window.STEP, Window.RUNNING)) {
      List<Double> whole = shape(bench.gain(weighting, terms(scope)), 1, 3);
      for (int parts : new int[] {2, 3, 12}) {
        compare(shape(bench.gain(weighting, terms(scope)), parts, 3), whole);
      }
    }
  }

  @Test
  void aShuffleDealsOverTheWholeStep() {
    List<Double> whole = shape(bench.shuffled(Weighting.PRECISION, terms(Window.STEP), 1), 1, 3);
    compare(shape(bench.shuffled(Weighting.PRECISION, terms(Window.STEP), 1), 4, 3), whole);
  }

  @Test
  void withinMicroBatchesTheDivisionDecides() {
    List<Double> whole = shape(bench.gain(Weighting.PRECISION, terms(Window.MICRO)), 1, 3);
    List<Double> divided = shape(bench.gain(Weighting.PRECISION, terms(Window.MICRO)), 4, 3);
    assertThat(Math.abs(whole.getFirst() - divided.getFirst())).isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void runningMomentsCountSteps(int parts) {
    TokenGain gain = bench.gain(Weighting.PRECISION, terms(Window.RUNNING));
    for (int step = 0; step < 5; step++) {
      shape(gain, parts, step);
    }
    assertThat(gain.state()[2]).isEqualTo(5);
  }

  @Test
  void ignoredTokensOfAnyMicroBatchAreLeftOut() {
    IntStream.of(0, 17, 18, 59).forEach(place -> targets.set(place, CrossEntropy.IGNORE));
    List<Double> whole = shape(bench.gain(Weighting.PRECISION, terms(Window.STEP)), 1, 0);
    List<Double> divided = shape(bench.gain(Weighting.PRECISION, terms(Window.STEP)), 3, 0);
    for (int i = 0; i < ROWS * LENGTH; i++) {
      if (targets.getInt(i) != CrossEntropy.IGNORE) {
        assertThat(divided.get(i)).isCloseTo(whole.get(i), within(1e-12));
      }
    }
  }

  @Test
  void whatComparesNoTokensRunsOnce() {
    Terms plain = Terms.pure(0.5);
    Terms step = new Terms(0.5, 0, 0, 0, plain.low(), plain.high(), false, Window.STEP);
    assertThat(bench.gain(Weighting.FOCAL, step).looksAhead(4)).isFalse();
    assertThat(bench.gain(Weighting.CONSTANT, step).looksAhead(4)).isFalse();
    assertThat(bench.gain(Weighting.FOCAL, terms(Window.STEP)).looksAhead(4)).isTrue(); // its mean
    assertThat(bench.gain(Weighting.PRECISION, step).looksAhead(4)).isTrue();
    assertThat(bench.gain(Weighting.PRECISION, step).looksAhead(1)).isFalse();
    assertThat(bench.gain(Weighting.PRECISION, plain).looksAhead(4)).isFalse();
  }
}
