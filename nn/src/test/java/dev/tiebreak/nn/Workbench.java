package dev.tiebreak.nn;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Random;

/** A backend, a scope for what outlives a step, one for steps, and random inputs. */
final class Workbench implements AutoCloseable {
  private final CpuBackend cpu;
  private final Scope kept;
  private final Scope step;
  private final Random random = new Random(20260115);

  Workbench() {
    this(2);
  }

  Workbench(int threads) {
    cpu = CpuBackend.create(threads);
    kept = cpu.newScope("kept");
    step = cpu.newScope("step");
  }

  Scope kept() {
    return kept;
  }

  /** Opens a tape that records. */
  Tape record() {
    return Tape.start(step);
  }

  /** Opens a tape that does not. */
  Tape infer() {
    return Tape.inference(step);
  }

  /** Standard normal numbers. */
  Tensor normal(DType type, int... dims) {
    Tensor tensor = kept.allocate(type, Shape.of(dims));
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }

  /** One number. */
  Tensor scalar(DType type, double value) {
    Tensor tensor = kept.allocate(type, Shape.of());
    tensor.set(0, value);
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

  /** Makes {@code gradient} the gradient of {@code weight}. */
  void giveGradient(Tensor weight, Tensor gradient) {
    weight.requireGradient().clearGradient();
    try (Tape tape = record()) {
      tape.backward(weight.mul(gradient).sum());
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
