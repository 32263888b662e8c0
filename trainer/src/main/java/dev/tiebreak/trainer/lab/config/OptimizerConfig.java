package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.LrSchedule;
import dev.tiebreak.trainer.base.toml.KeyCheck;
import dev.tiebreak.trainer.base.toml.TomlWriter;

/**
 * {@code [optimizer]}: AdamW and its learning rate.
 *
 * @param lr the highest learning rate
 * @param minLr the learning rate that the schedule decays to; not used by {@code constant}
 * @param warmup steps in which the learning rate rises linearly to {@code lr}
 * @param schedule the shape after the warm-up
 * @param decayFraction the part of the steps, at the end, in which {@code wsd} decays
 * @param beta1 how much of the running mean of gradients each step keeps
 * @param beta2 how much of the running mean of squared gradients each step keeps
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay of matrices and embeddings, multiplied by the learning rate
 * @param clip the largest global gradient norm; larger gradients are scaled down; 0 is no limit
 */
public record OptimizerConfig(
    double lr,
    double minLr,
    int warmup,
    Schedule schedule,
    double decayFraction,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clip) {

  /** Shapes of the learning rate after the warm-up. */
  public enum Schedule {
    /** Half a cosine from {@code lr} to {@code min_lr}. */
    COSINE,
    /** Stable at {@code lr}, then a linear decay to {@code min_lr}. */
    WSD,
    /** {@code lr} to the end. */
    CONSTANT
  }

  public OptimizerConfig {
    KeyCheck.positive("optimizer.lr", lr);
    KeyCheck.that(
        minLr >= 0 && minLr <= lr,
        "optimizer.min_lr",
        minLr,
        "a number from 0 to optimizer.lr, which is " + TomlWriter.literal(lr));
    KeyCheck.atLeast(0, "optimizer.warmup", warmup);
    KeyCheck.that(
        decayFraction > 0 && decayFraction <= 1,
        "optimizer.decay_fraction",
        decayFraction,
        "a number above 0, at most 1");
    KeyCheck.fraction("optimizer.beta1", beta1);
    KeyCheck.fraction("optimizer.beta2", beta2);
    KeyCheck.positive("optimizer.epsilon", epsilon);
    KeyCheck.notNegative("optimizer.weight_decay", weightDecay);
    KeyCheck.notNegative("optimizer.clip", clip);
  }

  /** The learning rate of each step of a run of so many steps. */
  public LrSchedule lrSchedule(long steps) {
    return switch (schedule) {
      case COSINE -> LrSchedule.cosine(lr, minLr, warmup, steps);
      case WSD -> LrSchedule.warmupStableDecay(lr, minLr, warmup, steps, decayFraction);
      case CONSTANT -> LrSchedule.constant(lr, warmup);
    };
  }

  public AdamW.Config adamW() {
    return new AdamW.Config(beta1, beta2, epsilon, weightDecay);
  }
}
