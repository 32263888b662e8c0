package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/**
 * The result of a token gain.
 *
 * @param loss mean over counted tokens of weight times loss, or another objective: a scalar to run
 *     backwards
 * @param plain mean over counted tokens of the loss: what is logged and compared
 * @param weights (B, T), which no gradient flows into, but for the full focal loss
 * @param unclamped the weights before the clamp (B, T)
 * @param clamped the weights after the clamp, before renormalisation (B, T)
 * @param mask 1 where a token counts and 0 where its target is ignored (B, T); null if all count
 * @param strength s in this step, after its warm-up
 * @param excess what the pure formula adds to the plain loss, in nats, as a function of the losses'
 *     variance; null where that is no such function
 */
public record ShapedLoss(
    Tensor loss,
    Tensor plain,
    Tensor weights,
    Tensor unclamped,
    Tensor clamped,
    Tensor mask,
    double strength,
    DoubleUnaryOperator excess) {

  /** The same with other weights and what follows from them. */
  ShapedLoss with(Tensor otherWeights, Tensor otherLoss) {
    return new ShapedLoss(otherLoss, plain, otherWeights, unclamped, clamped, mask, strength, null);
  }
}
