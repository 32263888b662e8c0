package dev.tiebreak.losses;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * mean(w l) with the weights of a {@link Weighting}, which are then clamped, then divided by their
 * mean, as set. They are constants to the backward pass, but for the full focal loss.
 */
public final class WeightGain implements TokenGain {
  private final Weighting weighting;
  private final GainSettings settings;
  private final boolean detached;
  private final Gpt reference; // null if the weighting needs none
  private final Scope kept;
  private final Moments moments;
  private Tensor referenceLosses; // (B, T) of the micro-batch at hand

  WeightGain(
      Weighting weighting, GainSettings settings, boolean detached, Gpt reference, Scope kept) {
    double s = settings.strength();
    if (!weighting.range().contains(s)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "strength of %s is %s, must be %s", weighting, s, weighting.range()));
    }
    if ((weighting == Weighting.RHO) != (reference != null)) {
      throw new IllegalArgumentException("a reference model is for RHO, and RHO needs one");
    }
    this.weighting = weighting;
    this.settings = settings;
    this.detached = detached;
    this.reference = reference;
    this.kept = kept;
    this.moments = new Moments(settings.scope(), kept);
  }

  /** With a reference model: its losses on the micro-batch. */
  @Override
  public void prepare(Tensor inputs, Tensor targets, Scope step) {
    if (reference == null) {
      return;
    }
    try (Tape _ = Tape.inference(step)) {
      Tensor losses = reference.losses(inputs, targets);
      if (referenceLosses == null) {
        referenceLosses = kept.allocate(losses.dtype(), losses.shape());
      }
      referenceLosses.copyFrom(losses);
    }
  }

  @Override
  public ShapedLoss shape(Prediction prediction) {
    if (reference != null && referenceLosses == null) {
      throw new IllegalStateException("the reference's losses are missing: call prepare first");
    }
    Tensor losses = prediction.losses();
    Tensor plain = losses.detach();
    Tokens tokens = Tokens.of(losses, prediction.targets());
    Tensor l = detached ? plain : losses; // (B, T)
    double s = weighting.warmsUp() ? settings.strengthAt(prediction.step()) : settings.strength();
    Batch batch = new Batch(l, prediction, referenceLosses, tokens, settings, moments);
    Tensor unclamped = weighting.weights(batch, s); // (B, T)
    Tensor clamped =
        settings.clamps() ? unclamped.clamp(settings.clampLow(), settings.clampHigh()) : unclamped;
    Tensor weights = settings.renormalise() ? tokens.meanOne(clamped) : clamped;
    Tensor shaped = tokens.mean(losses.mul(weights));
    return new ShapedLoss(
        shaped, tokens.mean(plain), weights, unclamped, clamped, tokens.mask(), s, excess(s));
  }

  private DoubleUnaryOperator excess(double s) {
    DoubleBinaryOperator excess = weighting.excess();
    return excess == null ? null : v -> excess.applyAsDouble(s, v);
  }

  /** Waits for the running statistics. */
  @Override
  public double[] state() {
    return moments.state();
  }

  @Override
  public void restore(double[] state) {
    moments.restore(state);
  }
}
