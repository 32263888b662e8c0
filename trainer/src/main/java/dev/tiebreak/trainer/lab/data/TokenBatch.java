package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/**
 * The tokens that a model reads at once.
 *
 * @param inputs token ids (B, T)
 * @param targets for each input the token after it (B, T)
 */
public record TokenBatch(Tensor inputs, Tensor targets) {
  /**
   * Room for one batch.
   *
   * @param scope owns the tensors
   * @param batch sequences, B
   * @param length tokens in each, T
   */
  public TokenBatch(Scope scope, int batch, int length) {
    this(scope.zeros(DType.I32, batch, length), scope.zeros(DType.I32, batch, length));
  }

  /** Lets {@code source} write inputs and targets, int32 (B, T), and hands them to the model. */
  public void fill(BiConsumer<MemorySegment, MemorySegment> source) {
    inputs.write(ids -> targets.write(next -> source.accept(ids, next)));
  }
}
