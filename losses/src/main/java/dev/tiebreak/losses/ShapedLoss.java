package dev.tiebreak.losses;

import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.tensor.Tensor;

/**
 * The result of a token gain. Means and variances are over the tokens that count.
 *
 * @param loss mean of weight times loss, or times another objective: a scalar to run backwards
 * @param plain mean of the loss: what is logged and compared; a scalar
 * @param variance population variance of the loss: a scalar
 * @param weights (B, T), which no gradient flows into unless that is asked for
 * @param unclamped the weights before the clamp (B, T)
 * @param clamped the weights after the clamp, before renormalisation (B, T)
 * @param mask 1 where a token counts and 0 where its target is ignored (B, T); null if all count
 * @param strength s in this step, after its warm-up
 * @param pure the weight as a formula of a token's own loss and of the losses' moments, without
 *     eps; null if it is no such formula, or if another objective takes the loss's place
 */
public record ShapedLoss(
    Tensor loss,
    Tensor plain,
    Tensor variance,
    Tensor weights,
    Tensor unclamped,
    Tensor clamped,
    Tensor mask,
    double strength,
    Formula pure) {}
