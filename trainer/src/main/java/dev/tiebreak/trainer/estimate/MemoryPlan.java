package dev.tiebreak.trainer.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.trainer.config.TrainConfig;
import java.util.List;
import java.util.Map;

/**
 * The memory of a training in bytes, by what it is for.
 *
 * @param weights the model
 * @param gradients one number per weight
 * @param optimizer AdamW's two running means per weight
 * @param activations results inside the model and their gradients, of one micro-batch
 * @param logits one number per token and vocabulary entry, and their gradients
 * @param workspace scratch memory of operations, numbers per token, tables
 * @param unused ends of memory blocks that no tensor fits into, and rounding
 * @param runtime Java, its heap and the BLAS library: a measured constant
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
  private static final int BYTES = Float.BYTES;
  private static final int MOMENTS = 2;

  /** Resident memory of a process that trains a model of a few numbers. */
  static final long RUNTIME = 250_000_000;

  /**
   * Plans a training.
   *
   * @param gpt the model, with its vocabulary
   * @param threads threads that compute: each has scratch memory of its own
   */
  static MemoryPlan of(TrainConfig config, GptConfig gpt, int threads) {
    PlannedScope scope = new PlannedScope(); // for all that lives as long as the model
    List<ModelTensors.Weight> tensors = ModelTensors.of(gpt);
    long weights = allocate(scope, tensors);
    long tables = 0;
    if (gpt.positions() == Positions.ROPE) {
      long table = (long) gpt.sequenceLength() * gpt.headSize() / 2 * BYTES;
      tables = scope.allocate(table) + scope.allocate(table);
    }
    long optimizer = 0;
    for (ModelTensors.Weight weight : tensors) {
      for (int i = 0; i < MOMENTS; i++) {
        optimizer += scope.allocate(weight.elements() * BYTES);
      }
    }
    long batch = (long) config.training().batch() * gpt.sequenceLength() * Integer.BYTES;
    tables += scope.allocate(batch) + scope.allocate(batch); // inputs and targets
    long gradients = allocate(scope, tensors);

    StepPlan.Result step = StepPlan.of(config, gpt, threads);
    Map<StepPlan.Part, Long> parts = step.bytes();
    long used = weights + tables + optimizer + gradients;
    long stepUsed = parts.values().stream().mapToLong(Long::longValue).sum();
    return new MemoryPlan(
        weights,
        gradients,
        optimizer,
        parts.get(StepPlan.Part.ACTIVATIONS),
        parts.get(StepPlan.Part.LOGITS),
        parts.get(StepPlan.Part.WORKSPACE) + tables,
        scope.reserved() - used + step.reserved() - stepUsed,
        RUNTIME);
  }

  private static long allocate(PlannedScope scope, List<ModelTensors.Weight> tensors) {
    return tensors.stream().mapToLong(weight -> scope.allocate(weight.elements() * BYTES)).sum();
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
