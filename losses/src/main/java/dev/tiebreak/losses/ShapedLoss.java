package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/**
 * The result of a token gain.
 *
 * @param loss mean over counted tokens of weight times loss: a scalar to run backwards
 * @param plain mean over counted tokens of the loss: what is logged and compared
 * @param weights (B, T), detached
 * @param unclamped the weights before the clamp (B, T)
 * @param clamped the weights after the clamp, before renormalisation (B, T)
 * @param mask 1 where a token counts and 0 where its target is ignored (B, T); null if all count
 * @param strength s in this step, after its warm-up, in nats
 */
public record ShapedLoss(
    Tensor loss,
    Tensor plain,
    Tensor weights,
    Tensor unclamped,
    Tensor clamped,
    Tensor mask,
    double strength) {}
