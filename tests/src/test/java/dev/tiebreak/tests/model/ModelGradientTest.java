package dev.tiebreak.tests.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The gradients of whole models in float64 against central differences, at random coordinates of
 * every weight. Deviations are relative to the largest element of the weight's gradient.
 */
class ModelGradientTest {
  private static final int COORDINATES = 6; // of every weight
  private static final double WIDTH = 1e-5;
  private static final double TOLERANCE = 1e-8;

  private final Random random = new Random(7);
  private final CpuBackend cpu = CpuBackend.create(2);
  private final Scope kept = cpu.newScope("kept");
  private final Scope step = cpu.newScope("step");
  private final Tensor tokens = tokens();
  private final Tensor targets = tokens();

  @AfterEach
  void close() {
    step.close();
    kept.close();
    cpu.close();
  }

  private Tensor tokens() {
    Tensor tensor = kept.allocate(DType.I32, Shape.of(2, Style.LENGTH));
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextInt(Style.VOCABULARY));
    }
    return tensor;
  }

  /** A model whose weights are far from their initial values, where gradients are all alike. */
  private Gpt model(Style style) {
    Gpt model = new Gpt(style.config(12), DType.F64, kept, 1);
    for (Parameter parameter : model.parameters()) {
      Tensor weight = parameter.tensor();
      double deviation = parameter.decays() ? 0.4 : 0.2;
      for (long i = 0; i < weight.size(); i++) {
        weight.set(i, weight.get(i) + deviation * random.nextGaussian());
      }
    }
    return model;
  }

  /** The mean loss; the micro-batch is always the same one, and with it the dropout masks. */
  private Tensor loss(Gpt model) {
    model.startMicroBatch(3);
    return model.losses(tokens, targets).mean();
  }

  private double value(Gpt model) {
    try (Tape _ = Tape.start(step)) { // one that records: otherwise nothing would be dropped
      return loss(model).item();
    }
  }

  private void backward(Gpt model) {
    try (Tape tape = Tape.start(step)) {
      tape.backward(loss(model));
    }
  }

  /** The largest deviation of a weight's gradient from the slopes of the loss. */
  private double deviation(Gpt model, Parameter parameter) {
    Tensor weight = parameter.tensor();
    double[] gradient = weight.gradient().toDoubles();
    double magnitude = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    assertThat(magnitude).as(parameter.name()).isPositive();
    double worst = 0;
    for (int i = 0; i < COORDINATES; i++) {
      int coordinate = random.nextInt(gradient.length);
      double before = weight.get(coordinate);
      weight.set(coordinate, before + WIDTH);
      double above = value(model);
      weight.set(coordinate, before - WIDTH);
      double below = value(model);
      weight.set(coordinate, before);
      double slope = (above - below) / (2 * WIDTH);
      worst = Math.max(worst, Math.abs(gradient[coordinate] - slope) / magnitude);
    }
    return worst;
  }

  @ParameterizedTest
  @EnumSource
  void everyWeightsGradientIsTheSlopeOfTheLoss(Style style) {
    targets.set(5, CrossEntropy.IGNORE);
    Gpt model = model(style);
    backward(model);
    for (Parameter parameter : model.parameters()) {
      assertThat(deviation(model, parameter)).as(parameter.name()).isLessThan(TOLERANCE);
    }
  }

  @Test
  void aGradientThatIsWrongByAMillionthIsNoticed() {
    Gpt model = model(Style.GPT2);
    backward(model);
    Parameter parameter = model.blockParameters(0).get(2);
    Tensor gradient = parameter.tensor().gradient();
    for (long i = 0; i < gradient.size(); i++) {
      gradient.set(i, gradient.get(i) * (1 + 1e-6));
    }
    assertThat(deviation(model, parameter)).isGreaterThan(TOLERANCE);
  }
}
