package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tensors make of a formula, against its value for each token, and against differences. */
class EvaluatorTest {
  private static final double S = 0.7;

  private final Workbench bench = new Workbench();
  private final Tensor logits = bench.normal(DType.F64, 2, 2, 5, 9);
  private final Tensor targets = bench.tokens(9, 2, 5);

  @AfterEach
  void close() {
    bench.close();
  }

  private TokenGain gain(String formula, boolean through) {
    return new TokenGain(Terms.pure(S).weight(formula, through), bench.kept(), 1, null);
  }

  private <R> R shape(String formula, Function<ShapedLoss, R> then) {
    try (Tape _ = bench.record()) {
      return then.apply(gain(formula, false).shape(Workbench.inPlace(logits, targets)));
    }
  }

  private double[] weights(String formula) {
    return shape(formula, shaped -> shaped.weights().toDoubles());
  }

  private double[] losses() {
    try (Tape _ = bench.infer()) {
      return logits.crossEntropy(targets).toDoubles();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 + s * (l - m) / v",
        "3 - 2 * l + m * (1 - p)",
        "m - l",
        "(2 * l + 1) * (3 * p - 1) / (2 * v + 1)",
        "2 * l - 2 * p",
        "2 * l - 3 * p + 3 * m",
        "1 / (1 + exp(-(l - m) / sigma))",
        "sigmoid((l - m) / sigma)",
        "abs(l - m) + min(l, m) - max(p, 2 * m) + max(1, l) - min(l, 2)",
        "clamp(l, 1, 2) ^ 2 + (l - m) ^ 3 + sqrt(l) + log(1 + l)",
        "(1 + l) ^ p + 2 ^ (l - m) + (l + 1) ^ -s",
        "-l * -p + s",
        "m + v * sigma",
        "p / (p + sigma)"
      })
  void everyTokenGetsItsValue(String text) {
    double[] l = losses();
    double mean = Arrays.stream(l).average().orElseThrow();
    double variance = Arrays.stream(l).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    Formula formula = Formula.parse(text);
    double[] expected =
        Arrays.stream(l)
            .map(loss ->
                formula.at((Quantity quantity) ->
                    switch (quantity) {
                      case LOSS -> loss;
                      case PROBABILITY -> Math.exp(-loss);
                      case MEAN -> mean;
                      case VARIANCE -> variance;
                      case DEVIATION -> Math.sqrt(variance);
                      case STRENGTH -> S;
                      default -> throw new AssertionError(quantity);
                    }))
            .toArray();
    assertThat(weights(text)).containsExactly(expected, within(1e-13));
  }

  @Test
  void functionsOfAllTokens() {
    double[] l = losses();
    double sum = Arrays.stream(l).map(Math::exp).sum();
    assertThat(weights("softmax(l)"))
        .containsExactly(Arrays.stream(l).map(x -> Math.exp(x) / sum).toArray(), within(1e-14));
    double mean = Arrays.stream(l).average().orElseThrow();
    assertThat(weights("normalise(l)"))
        .containsExactly(Arrays.stream(l).map(x -> x / mean).toArray(), within(1e-14));
    assertThat(weights("mean(2 * l + 1) + 0 * l"))
        .containsExactly(Arrays.stream(l).map(x -> 2 * mean + 1).toArray(), within(1e-14));
    double[] sorted = l.clone();
    Arrays.sort(sorted);
    double[] ranks = Arrays.stream(l).map(x -> Arrays.binarySearch(sorted, x) / 9.0).toArray();
    assertThat(weights("rank(l)")).containsExactly(ranks, within(1e-15));
    assertThat(weights("top(l, 0.3)"))
        .containsExactly(Arrays.stream(ranks).map(rank -> rank > 0.7 ? 1 : 0).toArray());
    assertThat(weights("shuffle(l)")).containsExactlyInAnyOrder(l).isNotEqualTo(l);
  }

  @Test
  void ignoredTokensTakeNoPartInFunctionsOfAllTokens() {
    targets.set(3, CrossEntropy.IGNORE);
    double[] l = losses();
    double mean = Arrays.stream(l).sum() / 9;
    assertThat(weights("normalise(l)")[0]).isCloseTo(l[0] / mean, within(1e-14));
    assertThat(Arrays.stream(weights("n * softmax(l)")).sum()).isCloseTo(9, within(1e-13));
    double[] top = weights("top(l, 1)");
    assertThat(top[3]).isZero();
    assertThat(Arrays.stream(top).sum()).isEqualTo(9);
    assertThat(weights("shuffle(l)")[3]).isZero();
    assertThat(Arrays.stream(weights("rank(-l)")).max()).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 + s * (l - m) / (v + 1)",
        "(1 - p) ^ s",
        "2 * sigmoid(s * (l - m) / sigma)",
        "normalise(normalise(l) ^ s)",
        "n * softmax(s * l)",
        "(1 + H) ^ s + u - exp(-H)",
        "max(l, m) * min(H, 2) / (1 + mean(l))"
      })
  void theGradientFlowsThroughWhereItIsAskedTo(String formula) {
    TokenGain gain = gain(formula, true);
    double[] gradient =
        bench.gradient(logits, () -> gain.shape(Workbench.inPlace(logits, targets)).loss());
    double[] slopes =
        bench.differences(
            logits, 1e-5, () -> gain.shape(Workbench.inPlace(logits, targets)).loss());
    assertThat(Workbench.deviation(gradient, slopes)).isLessThan(1e-8);
  }

  /** mean(w l) = m + s for the pure formula, so its full gradient is that of the plain loss. */
  @Test
  void theFullGradientOfThePrecisionGainIsTheBaselines() {
    TokenGain gain = gain("1 + s * (l - m) / v", true);
    double[] shaped =
        bench.gradient(logits, () -> gain.shape(Workbench.inPlace(logits, targets)).loss());
    double[] plain = bench.gradient(logits, () -> logits.crossEntropy(targets).mean());
    assertThat(Workbench.deviation(shaped, plain)).isLessThan(1e-14);
  }

  @Test
  void anObjectiveIsWeightedToo() {
    GainSettings settings =
        new GainSettings(
            "(1 - p) ^ 2",
            "l - s * H",
            false,
            S,
            0,
            0,
            List.of(),
            false,
            GainSettings.Window.MICRO,
            0,
            "");
    try (Tape _ = bench.record()) {
      TokenGain gain = new TokenGain(settings, bench.kept(), 1, null);
      ShapedLoss shaped = gain.shape(Workbench.inPlace(logits, targets));
      Tensor objective = logits.crossEntropy(targets).sub(logits.entropy().scale(S));
      assertThat(shaped.loss().item())
          .isCloseTo(objective.mul(shaped.weights()).mean().item(), within(1e-14));
      assertThat(shaped.plain().item())
          .isCloseTo(logits.crossEntropy(targets).mean().item(), within(1e-15));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          l                            | 0
          2 * (3 * l + 1) - 4          | 1
          1 + s * (l - m)              | 2
          1 + s * (l - m) / v          | 4
          1 + s * (l - m) / (v + eps)  | 5
          s * m + s * l                | 2
          2 * sigmoid(-l)              | 5
          """) // that of 1 / x is of a scalar here, and so is that of v + eps
  void chainsWithNumbersCostOneOperation(String text, int operations) {
    Tensor losses = bench.losses(1, 2, 3, 6).requireGradient();
    Tensor all = bench.targets(0, 0, 0, 0);
    Formula formula = Formula.parse(text).with(GainSettings.numbers(S, 1e-6, 4));
    try (Tape tape = bench.record()) {
      Tokens tokens = Tokens.of(losses, all);
      Prediction prediction = bench.prediction(losses, all, 0);
      Moments moments = new Moments(GainSettings.Window.MICRO, bench.kept());
      Batch batch = new Batch(prediction, Map.of(), tokens, GainSettings.none(), moments, true);
      batch.get(Quantity.VARIANCE, true);
      int before = tape.length();
      new Evaluator(batch, new TokenOrder(tokens, null), true).value(formula).tensor();
      assertThat(tape.length() - before).isEqualTo(operations);
    }
  }
}
