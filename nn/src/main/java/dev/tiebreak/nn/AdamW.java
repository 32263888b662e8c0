package dev.tiebreak.nn;

import dev.tiebreak.tensor.AdamWUpdate;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Adam with decoupled weight decay and bias correction (Loshchilov and Hutter, 2019). Matrices
 * decay, biases and norms do not. The arithmetic is {@link AdamWUpdate}; here are the moments and
 * the count of steps.
 */
public final class AdamW {
  private static final int RANDOM_BLOCK = 4; // numbers that are drawn at once

  /**
   * The optimizer's constants.
   *
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the root of the second moment
   * @param weightDecay per unit of learning rate
   * @param roundingSeed where there is one, weights of a narrower type than their masters are
   *     rounded up or down at random, so that they equal them on average; else to nearest
   */
  public record Config(
      double beta1, double beta2, double epsilon, double weightDecay, OptionalLong roundingSeed) {
    /** Checks the ranges. */
    public Config {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
        throw new IllegalArgumentException("betas must be in [0, 1): " + beta1 + ", " + beta2);
      }
      if (!(epsilon > 0 && weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "epsilon must be positive and weight decay not negative: "
                + epsilon
                + ", "
                + weightDecay);
      }
    }

    /** Rounds to nearest. */
    public Config(double beta1, double beta2, double epsilon, double weightDecay) {
      this(beta1, beta2, epsilon, weightDecay, OptionalLong.empty());
    }
  }

  /** A weight, its moments, and how many random numbers the weights before it use in a step. */
  private record Slot(Parameter parameter, Tensor firstMoment, Tensor secondMoment, long random) {
    AdamWUpdate.State state() {
      Tensor tensor = parameter.tensor();
      return new AdamWUpdate.State(
          tensor, parameter.master(), tensor.gradient(), firstMoment, secondMoment);
    }
  }

  private final Config config;
  private final Map<Parameter, Slot> slots = new LinkedHashMap<>();
  private final Map<String, Tensor> updateScales = new HashMap<>();
  private final Tensor numbers; // of the last step, see AdamWUpdate
  private final long randomPerStep;
  private long steps;

  /** Zero moments for every weight, in {@code scope}. */
  public AdamW(List<Parameter> parameters, Scope scope, Config config) {
    this.config = config;
    long random = 0;
    for (Parameter parameter : parameters) {
      Tensor master = parameter.master();
      int[] dims = master.shape().toArray();
      Tensor first = scope.zeros(master.dtype(), dims);
      Tensor second = scope.zeros(master.dtype(), dims);
      slots.put(parameter, new Slot(parameter, first, second, random));
      random += Math.ceilDiv(master.size(), RANDOM_BLOCK) * RANDOM_BLOCK;
    }
    randomPerStep = random;
    DType type = parameters.isEmpty() ? DType.F32 : parameters.getFirst().master().dtype();
    numbers = scope.zeros(type, AdamWUpdate.NUMBERS);
  }

  /**
   * Updates every weight that has a gradient. Waits for nothing.
   *
   * @param coefficient one element that multiplies every gradient, see {@link GradientClip}; where
   *     it is not a finite number, neither weights nor moments change, though the step counts
   */
  public void step(double learningRate, Tensor coefficient) {
    steps++;
    write(learningRate);
    for (Slot slot : slots.values()) {
      Parameter parameter = slot.parameter;
      if (parameter.tensor().hasGradient()) {
        AdamWUpdate.apply(
            slot.state(),
            numbers,
            coefficient,
            updateScales.get(parameter.name()),
            parameter.decays(),
            rounding(slot));
      }
    }
  }

  private void write(double learningRate) {
    numbers.copyFrom(
        AdamWUpdate.numbers(
            learningRate, config.weightDecay, config.beta1, config.beta2, config.epsilon, steps));
  }

  private AdamWUpdate.Rounding rounding(Slot slot) {
    Parameter parameter = slot.parameter;
    if (config.roundingSeed.isEmpty() || parameter.master() == parameter.tensor()) {
      return null;
    }
    return new AdamWUpdate.Rounding(config.roundingSeed.getAsLong(), slot.random, randomPerStep);
  }

  /**
   * Multiplies the following updates of one weight, weight decay excepted: a learning rate of its
   * own. Unlike a factor on the gradient, Adam does not divide this one out again.
   *
   * @param factor one element, read anew by every step
   */
  public void scaleUpdate(Parameter parameter, Tensor factor) {
    updateScales.put(parameter.name(), factor);
  }

  /** Steps taken so far. */
  public long steps() {
    return steps;
  }

  /** Sets the count of steps, when a checkpoint is restored. */
  public void restoreSteps(long count) {
    steps = count;
  }

  /** The running mean of a weight's gradient. */
  public Tensor firstMoment(Parameter parameter) {
    return slot(parameter).firstMoment;
  }

  /** The running mean of a weight's squared gradient. */
  public Tensor secondMoment(Parameter parameter) {
    return slot(parameter).secondMoment;
  }

  /**
   * What the last step did to some weights.
   *
   * @param rootSecondMoment sqrt(mean(v)): the size of a usual gradient
   * @param weightRms root mean square of the weights
   * @param updateRms root mean square of the last step's change, weight decay excepted
   */
  public record Statistics(double rootSecondMoment, double weightRms, double updateRms) {}

  /** Statistics over {@code parameters} together. Needs an open tape; waits for the numbers. */
  public Statistics statistics(List<Parameter> parameters) {
    Scope scope = numbers.backend().tape().scope();
    int sums = AdamWUpdate.SUMS;
    Tensor parts = scope.zeros(numbers.dtype(), parameters.size() * sums, AdamWUpdate.PARTS);
    long count = 0;
    for (int i = 0; i < parameters.size(); i++) {
      Slot slot = slot(parameters.get(i));
      AdamWUpdate.statistics(
          slot.state(),
          numbers,
          updateScales.get(slot.parameter.name()),
          parts.slice(0, i * sums, sums));
      count += slot.parameter.master().size();
    }
    double[] totals = parts.sumLast().toDoubles();
    double[] roots = new double[sums];
    for (int i = 0; i < totals.length; i++) {
      roots[i % sums] += totals[i] / count;
    }
    return new Statistics(Math.sqrt(roots[0]), Math.sqrt(roots[1]), Math.sqrt(roots[2]));
  }

  private Slot slot(Parameter parameter) {
    Slot slot = slots.get(parameter);
    if (slot == null) {
      throw new IllegalArgumentException("not a weight of this optimizer: " + parameter.name());
    }
    return slot;
  }
}
