package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/** The tokens that a model reads at once. */
public final class TokenBatch {
  private final Tensor inputs; // (B, T)
  private final Tensor targets; // (B, T)

  /**
   * Room for one batch.
   *
   * @param scope owns the tensors
   * @param batch sequences, B
   * @param length tokens in each, T
   */
  public TokenBatch(Scope scope, int batch, int length) {
    inputs = scope.zeros(DType.I32, batch, length);
    targets = scope.zeros(DType.I32, batch, length);
  }

  /** Lets {@code source} write inputs and targets, int32 (B, T), and hands them to the model. */
  public void fill(BiConsumer<MemorySegment, MemorySegment> source) {
    inputs.write(ids -> targets.write(next -> source.accept(ids, next)));
  }

  /** Token ids (B, T). */
  public Tensor inputs() {
    return inputs;
  }

  /** For each input the token after it (B, T). */
  public Tensor targets() {
    return targets;
  }
}
