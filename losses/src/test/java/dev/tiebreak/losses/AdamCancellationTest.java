package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.ScalingSettings.Target;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The third fact of the package's description. */
class AdamCancellationTest {
  private static final int STEPS = 40;
  private static final double TINY_EPSILON = 1e-14;

  private final Workbench bench = new Workbench();
  private final Tensor tokens = bench.tokens(11, 2, 5);
  private final Tensor targets = bench.tokens(11, 2, 5);

  @AfterEach
  void close() {
    bench.close();
  }

  @FunctionalInterface
  private interface Change {
    void apply(Gpt model, AdamW optimizer);
  }

  /** All weights after some steps on one batch of a model that {@code change} has been done to. */
  private double[] train(double epsilon, Change change) {
    Gpt model = bench.model(3);
    AdamW.Config adam = new AdamW.Config(0.9, 0.95, epsilon, 0.1);
    AdamW optimizer = new AdamW(model.parameters(), bench.kept(), adam);
    change.apply(model, optimizer);
    for (int i = 0; i < STEPS; i++) {
      model.clearGradients();
      try (Tape tape = bench.record()) {
        tape.backward(model.losses(tokens, targets).mean());
      }
      bench.gradientsReady(model);
      optimizer.step(1e-3, bench.scalar(1));
    }
    return model.parameters().stream()
        .flatMapToDouble(p -> DoubleStream.of(p.tensor().toDoubles()))
        .toArray();
  }

  private static Change timesThree() {
    return (model, optimizer) -> {
      for (Parameter parameter : model.blockParameters(0)) {
        model.onGradientsReady(() -> parameter.tensor().gradient().scaleInPlace(3));
      }
    };
  }

  @Test
  void aConstantFactorOnABlocksGradientsLeavesTheTrajectoryAsItIs() {
    double[] plain = train(TINY_EPSILON, (model, optimizer) -> {});
    double[] tripled = train(TINY_EPSILON, timesThree());
    assertThat(Workbench.deviation(tripled, plain)).isLessThan(1e-9);
  }

  @Test
  void aLargeEpsilonLetsTheFactorThrough() {
    double[] plain = train(0.01, (model, optimizer) -> {});
    double[] tripled = train(0.01, timesThree());
    assertThat(Workbench.deviation(tripled, plain)).isGreaterThan(1e-3);
  }

  @Test
  void theSameFactorOnTheUpdatesChangesIt() {
    double[] plain = train(TINY_EPSILON, (model, optimizer) -> {});
    double[] tripled =
        train(
            TINY_EPSILON,
            (model, optimizer) ->
                model.blockParameters(0).forEach(p -> optimizer.scaleUpdate(p, bench.scalar(3))));
    assertThat(Workbench.deviation(tripled, plain)).isGreaterThan(0.01);
  }

  @Test
  void divergenceScalingOfGradientsActsFarLessThanOfUpdates() {
    double[] plain = train(1e-8, (model, optimizer) -> {});
    double[] gradient = train(1e-8, scaling(Target.GRADIENT));
    double[] update = train(1e-8, scaling(Target.UPDATE));
    double byGradient = Workbench.deviation(gradient, plain);
    double byUpdate = Workbench.deviation(update, plain);
    assertThat(byGradient).isPositive();
    assertThat(byUpdate).isGreaterThan(10 * byGradient);
  }

  private static Change scaling(Target target) {
    return (model, optimizer) ->
        new LayerScaling(
            model,
            optimizer,
            ScalingSettings.divergence(target, Double.POSITIVE_INFINITY, false),
            1);
  }

  /** As long as neither a clip nor the weight of a token comes in between. */
  @Test
  void aConstantWeightOfEveryTokenLeavesTheTrajectoryAsItIs() {
    double[] plain = trainWith(bench.noGain(), TINY_EPSILON);
    TokenGain constant = bench.gain(Weighting.CONSTANT, Terms.pure(1.1));
    assertThat(Workbench.deviation(trainWith(constant, TINY_EPSILON), plain)).isLessThan(1e-9);
    assertThat(Workbench.deviation(trainWith(constant, 0.01), plain)).isGreaterThan(1e-4);
  }

  /** All weights after 200 steps of AdamW without a clip. */
  private double[] trainWith(TokenGain gain, double epsilon) {
    Gpt model = bench.model(3);
    AdamW.Config adam = new AdamW.Config(0.9, 0.95, epsilon, 0.1);
    AdamW optimizer = new AdamW(model.parameters(), bench.kept(), adam);
    for (int i = 0; i < 200; i++) {
      model.clearGradients();
      try (Tape tape = bench.record()) {
        tape.backward(gain.shape(Prediction.of(model, tokens, targets, i, i)).loss());
      }
      optimizer.step(1e-3, bench.scalar(1));
    }
    return model.parameters().stream()
        .flatMapToDouble(p -> DoubleStream.of(p.tensor().toDoubles()))
        .toArray();
  }

  @Test
  void onAQuadraticTripledGradientsGiveTheSameSteps() {
    double[] plain = descend(1);
    double[] tripled = descend(3);
    assertThat(Workbench.deviation(tripled, plain)).isLessThan(1e-13);
    assertThat(plain[0]).isLessThan(0.9); // it moved, from 1
  }

  /** 40 steps of AdamW down the quadratic of {@code factor}/2 times the sum of i w_i^2. */
  private double[] descend(double factor) {
    Tensor curvature = bench.losses(1, 2, 3, 4, 5);
    Tensor weight = bench.losses(1, -1, 2, -2, 3).requireGradient();
    AdamW.Config config = new AdamW.Config(0.9, 0.95, TINY_EPSILON, 0.1);
    List<Parameter> parameters = List.of(new Parameter("w", weight, true));
    AdamW optimizer = new AdamW(parameters, bench.kept(), config);
    for (int i = 0; i < STEPS; i++) {
      weight.clearGradient();
      try (Tape tape = bench.record()) {
        tape.backward(weight.power(2).mul(curvature).sum().scale(factor / 2));
      }
      optimizer.step(0.01, bench.scalar(1));
    }
    return weight.toDoubles();
  }
}
