package dev.tiebreak.losses;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Random;
import java.util.function.Supplier;

/** A backend, a scope for what outlives a step, one for steps, and random inputs. */
final class Workbench implements AutoCloseable {
  /** No block is scaled. */
  static final ScalingSettings UNSCALED =
      new ScalingSettings(
          ScalingSettings.Measure.NONE,
          ScalingSettings.Target.GRADIENT,
          ScalingSettings.Clip.AFTER,
          false,
          false,
          false,
          1,
          false);

  private final CpuBackend cpu = CpuBackend.create(2);
  private final Scope kept = cpu.newScope("kept");
  private final Scope step = cpu.newScope("step");
  private final Random random = new Random(20260115);

  Scope kept() {
    return kept;
  }

  Scope step() {
    return step;
  }

  /** A float64 model of two blocks, 11 tokens and sequences of 5. */
  Gpt model(long seed) {
    GptConfig config =
        new GptConfig(
            11,
            5,
            2,
            2,
            1,
            8,
            12,
            Positions.ROPE,
            NormKind.RMS,
            Activation.SWIGLU,
            false,
            false,
            0,
            10000,
            1e-5);
    return new Gpt(config, DType.F64, kept, seed);
  }

  /** Opens a tape that records. */
  Tape record() {
    return Tape.start(step);
  }

  /** Opens a tape that does not. */
  Tape infer() {
    return Tape.inference(step);
  }

  /** Normal numbers with this standard deviation. */
  Tensor normal(DType type, double deviation, int... dims) {
    Tensor tensor = kept.allocate(type, Shape.of(dims));
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, deviation * random.nextGaussian());
    }
    return tensor;
  }

  /** Token ids below {@code bound}. */
  Tensor tokens(int bound, int... dims) {
    Tensor tensor = kept.allocate(DType.I32, Shape.of(dims));
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextInt(bound));
    }
    return tensor;
  }

  /** One float64 number. */
  Tensor scalar(double value) {
    return kept.of(new double[] {value}, 1);
  }

  /** Runs the gradient hooks of a model. */
  void gradientsReady(Gpt model) {
    try (Tape _ = infer()) {
      model.gradientsReady();
    }
  }

  /** Every token weighs 1. */
  TokenGain noGain() {
    return new TokenGain(GainSettings.none(), kept, 1, null);
  }

  /** Weights that are constants to the backward pass. */
  TokenGain gain(Weighting weighting, Terms terms) {
    return new TokenGain(terms.weight(weighting.formula, false), kept, 1, null);
  }

  /** The same weights, dealt to the tokens at random. */
  TokenGain shuffled(Weighting weighting, Terms terms, long seed) {
    return new TokenGain(
        terms.weight("shuffle(" + weighting.formula + ")", false), kept, seed, null);
  }

  /** Weights that the gradient flows through. */
  TokenGain through(Weighting weighting, Terms terms) {
    return new TokenGain(terms.weight(weighting.formula, true), kept, 1, null);
  }

  /** The focal loss as published. */
  TokenGain focalLoss(Terms terms) {
    return through(Weighting.FOCAL, terms);
  }

  /** Tokens chosen by what a reference model makes of them. */
  TokenGain rho(Terms terms, Gpt reference) {
    return new TokenGain(terms.weight(Weighting.RHO.formula, false), kept, 1, reference);
  }

  TokenGain objective(Objective objective, Terms terms) {
    return new TokenGain(terms.objective(objective.formula), kept, 1, null);
  }

  /** One row of float64 losses. */
  Tensor losses(double... values) {
    return kept.of(values, 1, values.length);
  }

  /** One row of targets; their values do not matter unless one is the ignored one. */
  Tensor targets(int... values) {
    return kept.of(values, 1, values.length);
  }

  /** Of losses alone, for what needs no logits. */
  Prediction prediction(Tensor losses, Tensor targets, long step) {
    return new Prediction(null, losses, targets, step, step);
  }

  /** As in training: the cross-entropy writes its gradient over the logits. */
  static Prediction inPlace(Tensor logits, Tensor targets) {
    Tensor scores = logits.scale(1);
    return new Prediction(scores, scores.crossEntropyInPlace(targets), targets, 0, 0);
  }

  /** The gradient of an objective with respect to {@code x}. */
  double[] gradient(Tensor x, Supplier<Tensor> objective) {
    x.requireGradient().clearGradient();
    try (Tape tape = record()) {
      tape.backward(objective.get());
    }
    return x.gradient().toDoubles();
  }

  /** The gradient of a scalar by central differences. */
  double[] differences(Tensor x, double width, Supplier<Tensor> objective) {
    double[] gradient = new double[(int) x.size()];
    for (int i = 0; i < gradient.length; i++) {
      double value = x.get(i);
      x.set(i, value + width);
      double above = value(objective);
      x.set(i, value - width);
      double below = value(objective);
      x.set(i, value);
      gradient[i] = (above - below) / (2 * width);
    }
    return gradient;
  }

  private double value(Supplier<Tensor> objective) {
    try (Tape _ = infer()) {
      return objective.get().item();
    }
  }

  /** The largest difference over the largest magnitude of {@code expected}. */
  static double deviation(double[] actual, double[] expected) {
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < expected.length; i++) {
      double gap = Math.abs(actual[i] - expected[i]);
      difference = Double.isNaN(gap) ? Double.POSITIVE_INFINITY : Math.max(difference, gap);
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    return difference / magnitude;
  }

  @Override
  public void close() {
    step.close();
    kept.close();
    cpu.close();
  }
}
