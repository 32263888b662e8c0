package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.losses.ScalingSettings;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.toml.KeyCheck;
import dev.tiebreak.trainer.base.toml.Schema;
import dev.tiebreak.trainer.base.toml.TomlWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that decides what a training run computes, resolved: the sections of {@code
 * config.toml}, in its order. Immutable, and equal configurations train to equal bytes on one
 * machine.
 */
public record TrainConfig(
    ModelConfig model,
    DataConfig data,
    TrainingConfig training,
    OptimizerConfig optimizer,
    EvaluationConfig evaluation,
    CheckpointConfig checkpoint,
    LoggingConfig logging,
    GainSettings gain,
    ScalingSettings layerScaling,
    AbortConfig abort) {

  static final Schema SCHEMA = new Schema(TrainConfig.class, "", List.of());

  /** Checks what concerns more than one section. */
  public TrainConfig {
    KeyCheck.that(
        optimizer.warmup() <= training.steps()
            || optimizer.schedule() != OptimizerConfig.Schedule.WSD,
        "optimizer.warmup",
        optimizer.warmup(),
        "at most training.steps, which is " + training.steps());
    KeyCheck.that(
        training.accumulation() == 1 || !gain.isOfWholeStep() || !gain.flowsBetweenTokens(),
        "gain.scope",
        Names.label(gain.scope()),
        "\"micro\" with training.accumulation above 1, as the gradient flows through what is"
            + " worked out of many tokens, which are not all at hand; or set gain.through = false"
            + " or gain.renormalise = false");
  }

  /** Tokens that one optimizer step learns from: batch x accumulation x sequence length. */
  public long tokensPerStep() {
    return (long) training.batch() * training.accumulation() * model.sequenceLength();
  }

  /**
   * What the shapings that are on are called: the name of the catalogue's arm that these settings
   * are of or, for others, what they are made of, such as {@code focal+divergence}.
   */
  public String arm() {
    return Arms.of(this).map(Arm::name).orElseGet(this::shapings);
  }

  private String shapings() {
    List<String> on = new ArrayList<>();
    if (!gain.isNone()) {
      on.add(gainName());
    }
    if (!layerScaling.isNone()) {
      on.add(
          (layerScaling.shuffle() && layerScaling.fixed() ? "fixed " : "")
              + (layerScaling.shuffle() ? "shuffled " : "")
              + (layerScaling.invert() ? "inverted " : "")
              + Names.label(layerScaling.kind()));
    }
    return on.isEmpty() ? Arms.BASELINE : String.join("+", on);
  }

  private String gainName() {
    return Arms.of(gain)
        .map(Arm::name)
        .or(() -> gain.unshuffled().flatMap(Arms::of).map(arm -> "shuffled " + arm.name()))
        .orElse("own-gain");
  }

  /** What the two shapings mean, in one line. */
  public String describe() {
    return gain.describe() + "; " + layerScaling.describe();
  }

  /** The same run in another arm; numbers that the arm does not name stay as configured. */
  public TrainConfig withArm(Arm arm) {
    return ConfigBuilder.of(this).arm(arm).build();
  }

  /** The same run with micro-batches of another size. */
  public TrainConfig withBatch(int batch) {
    return ConfigBuilder.of(this).set("training.batch=" + batch).build();
  }

  /** The TOML text with every key, which reads back to an equal configuration. */
  public String toToml() {
    return TomlWriter.write(this);
  }

  /** SHA-256 of {@link #toToml}, 64 hexadecimal digits: equal for equal configurations only. */
  public String hash() {
    return Sha256.of(toToml());
  }
}
