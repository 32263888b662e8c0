package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/** Weight 1 for every token, and an {@link Objective} in place of the cross-entropy. */
final class ObjectiveGain implements TokenGain {
  private final Objective objective;
  private final GainSettings settings;

  ObjectiveGain(Objective objective, GainSettings settings) {
    this.objective = objective;
    this.settings = settings;
  }

  @Override
  public ShapedLoss shape(Prediction prediction) {
    double s = settings.strengthAt(prediction.step());
    Tensor losses = prediction.losses();
    Tokens tokens = Tokens.of(losses, prediction.targets());
    Tensor loss = tokens.mean(objective.losses(prediction, s));
    Tensor ones = losses.detach().scale(0).shift(1);
    Tensor plain = tokens.mean(losses.detach());
    return new ShapedLoss(loss, plain, ones, ones, ones, tokens.mask(), s, null);
  }
}
