package dev.tiebreak.nn;

import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.AdamWUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay and bias correction (Loshchilov and Hutter, 2019). Matrices
 * decay, biases and norms do not. The arithmetic is {@link AdamWUpdate}; here are the moments and
 * the count of steps.
 */
public final class AdamW {
  /**
   * The optimizer's constants.
   *
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the root of the second moment
   * @param weightDecay per unit of learning rate
   */
  public record Config(double beta1, double beta2, double epsilon, double weightDecay) {
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
  }

  private record Slot(Parameter parameter, Tensor firstMoment, Tensor secondMoment) {}

  private final Config config;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, Double> updateScales = new HashMap<>();
  private long steps;

  /** Zero moments for every weight, in {@code scope}. */
  public AdamW(List<Parameter> parameters, Scope scope, Config config) {
    this.config = config;
    for (Parameter parameter : parameters) {
      Tensor weight = parameter.tensor();
      int[] dims = weight.shape().toArray();
      slots.add(
          new Slot(
              parameter, scope.zeros(weight.dtype(), dims), scope.zeros(weight.dtype(), dims)));
    }
  }

  /**
   * Updates every weight that has a gradient.
   *
   * @param gradientScale multiplies every gradient: the clip coefficient
   */
  public void step(double learningRate, double gradientScale) {
    steps++;
    double correction1 = 1 - Math.pow(config.beta1, steps);
    double correction2 = 1 - Math.pow(config.beta2, steps);
    for (Slot slot : slots) {
      Parameter parameter = slot.parameter;
      if (!parameter.tensor().hasGradient()) {
        continue;
      }
      AdamWUpdate.Step step =
          new AdamWUpdate.Step(
              gradientScale,
              learningRate,
              updateScales.getOrDefault(parameter.name(), 1.0),
              parameter.decays() ? config.weightDecay : 0,
              config.beta1,
              config.beta2,
              config.epsilon,
              correction1,
              correction2);
      AdamWUpdate.apply(
          parameter.tensor(),
          parameter.tensor().gradient(),
          slot.firstMoment,
          slot.secondMoment,
          step);
    }
  }

  /**
   * Multiplies the following updates of one weight, weight decay excepted: a learning rate of its
   * own. Unlike a factor on the gradient, Adam does not divide this one out again.
   */
  public void scaleUpdate(Parameter parameter, double factor) {
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

  /** Statistics over {@code parameters} together; {@code learningRate} is the last step's. */
  public Statistics statistics(List<Parameter> parameters, double learningRate) {
    double correction1 = 1 - Math.pow(config.beta1, steps);
    double correction2 = 1 - Math.pow(config.beta2, steps);
    double seconds = 0;
    double weights = 0;
    double updates = 0;
    long count = 0;
    for (Parameter parameter : parameters) {
      Slot slot = slot(parameter);
      double scale = learningRate * updateScales.getOrDefault(parameter.name(), 1.0);
      for (long i = 0; i < parameter.tensor().size(); i++) {
        double second = slot.secondMoment.get(i);
        double update =
            scale
                * (slot.firstMoment.get(i) / correction1)
                / (Math.sqrt(second / correction2) + config.epsilon);
        double weight = parameter.tensor().get(i);
        seconds += second;
        weights += weight * weight;
        updates += update * update;
      }
      count += parameter.tensor().size();
    }
    return new Statistics(
        Math.sqrt(seconds / count), Math.sqrt(weights / count), Math.sqrt(updates / count));
  }

  private Slot slot(Parameter parameter) {
    for (Slot slot : slots) {
      if (slot.parameter.equals(parameter)) {
        return slot;
      }
    }
    throw new IllegalArgumentException("not a weight of this optimizer: " + parameter.name());
  }
}
