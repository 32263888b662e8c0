package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.tensor.Bump;
import dev.tiebreak.tensor.op.AdamWUpdate;
import dev.tiebreak.trainer.lab.config.LayerScalingConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.util.List;
import java.util.Map;

/**
 * The memory of a training in bytes, by what it is for, at the moment when most is in use.
 *
 * @param weights the model, and the reference model of a token gain if it has one
 * @param gradients one number per weight, two where they are compared with plain ones
 * @param optimizer AdamW's two running means per weight
 * @param activations results inside the model and their gradients, of one micro-batch
 * @param logits one number per token and vocabulary entry; their gradients take their place, unless
 *     the objective reads them too
 * @param workspace scratch memory of operations, numbers per token, tables
 * @param unused ends of memory blocks that no tensor fits into, and rounding
 * @param runtime Java, its heap and the BLAS library: a measured constant; on a GPU its context
 */
public record MemoryPlan(
    long weights,
    long gradients,
    long optimizer,
    long activations,
    long logits,
    long workspace,
    long unused,
    long runtime) {
  private static final int MOMENTS = 2;
  private static final int STEP_NUMBERS = 3; // two losses, and whether one was not a number

  /** Resident memory of a process that trains a model of a few numbers. */
  static final long RUNTIME = 250_000_000;

  /** CUDA's context, the kernels' code, cuBLASLt's workspace, and up to 1 GiB of cuDNN's. */
  static final long GPU_RUNTIME = 1_900_000_000;

  /**
   * Plans a training.
   *
   * @param gpt the model, with its vocabulary
   */
  static MemoryPlan of(TrainConfig config, GptConfig gpt, Footing footing) {
    Bump<Object> scope = footing.newScope(); // for all that lives as long as the model
    List<ModelTensors.Weight> tensors = ModelTensors.of(gpt);
    int wide = footing.wideBytes();
    long weights = takeWeights(scope, gpt, footing);
    long tables = takeRotations(scope, gpt, footing);
    long optimizer = 0;
    for (ModelTensors.Weight weight : tensors) {
      for (int i = 0; i < MOMENTS; i++) {
        optimizer += take(scope, weight.elements() * wide);
      }
    }
    tables += take(scope, (long) AdamWUpdate.NUMBERS * wide);
    long batch = (long) config.training().batch() * gpt.sequenceLength() * Integer.BYTES;
    tables += take(scope, batch) + take(scope, batch); // inputs and targets
    if (config.layerScaling().kind() != LayerScalingConfig.Kind.NONE) {
      for (int i = 0; i < 2; i++) { // measures and factors
        tables += take(scope, (long) gpt.layers() * wide);
      }
    }
    for (int i = 0; i < STEP_NUMBERS; i++) {
      tables += take(scope, wide);
    }
    Bump<Object> referenceScope = footing.newScope();
    if (config.gain().hasReference()) {
      ReferencePlan reference = ReferencePlan.of(config, gpt, footing);
      weights += takeWeights(referenceScope, reference.gpt(), reference.footing());
      tables += takeRotations(referenceScope, reference.gpt(), reference.footing());
      tables += take(scope, batch / Integer.BYTES * wide); // its losses
    }
    if (GainPlan.keepsMoments(config.gain())) {
      tables += take(scope, 2L * wide); // running mean and variance
    }
    long gradients = 0;
    int copies = config.logging().gradientCosineEvery() > 0 ? 2 : 1; // plain ones, and their own
    for (int i = 0; i < copies; i++) {
      for (ModelTensors.Weight weight : tensors) {
        gradients += take(scope, weight.elements() * wide);
      }
    }

    StepPlan.Result step = StepPlan.of(config, gpt, footing);
    Map<StepPlan.Part, Long> parts = step.bytes();
    long used = weights + tables + optimizer + gradients;
    long reserved = scope.reservedBytes() + referenceScope.reservedBytes();
    long stepUsed = parts.values().stream().mapToLong(Long::longValue).sum();
    return new MemoryPlan(
        weights,
        gradients,
        optimizer,
        parts.get(StepPlan.Part.ACTIVATIONS),
        parts.get(StepPlan.Part.LOGITS),
        parts.get(StepPlan.Part.WORKSPACE) + tables,
        reserved - used + step.reserved() - stepUsed,
        footing.gpu() ? GPU_RUNTIME : RUNTIME);
  }

  private static long takeWeights(Bump<Object> scope, GptConfig gpt, Footing footing) {
    boolean mixed = footing.bytes() < footing.wideBytes(); // multiplied in one, trained in another
    long weights = 0;
    for (ModelTensors.Weight weight : ModelTensors.of(gpt)) {
      weights += take(scope, weight.elements() * footing.wideBytes());
      weights += mixed ? take(scope, weight.elements() * footing.bytes()) : 0;
    }
    return weights;
  }

  private static long takeRotations(Bump<Object> scope, GptConfig gpt, Footing footing) {
    if (gpt.positions() != Positions.ROPE) {
      return 0;
    }
    long table = (long) gpt.sequenceLength() * gpt.headSize() / 2 * footing.wideBytes();
    return take(scope, table) + take(scope, table);
  }

  private static long take(Bump<Object> scope, long bytes) {
    scope.take(bytes);
    return bytes;
  }

  /** What tensors take from the operating system: everything but {@link #runtime}. */
  public long tensors() {
    return weights + gradients + optimizer + activations + logits + workspace + unused;
  }

  /** The peak of the whole process. */
  public long total() {
    return tensors() + runtime;
  }
}
