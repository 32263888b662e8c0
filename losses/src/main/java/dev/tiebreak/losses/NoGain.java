package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/** Weight 1 for every token: the baseline. */
final class NoGain implements TokenGain {
  @Override
  public ShapedLoss shape(Prediction prediction) {
    Tensor losses = prediction.losses();
    Tokens tokens = Tokens.of(losses, prediction.targets());
    Tensor plain = tokens.mean(losses);
    Tensor ones = losses.detach().scale(0).shift(1);
    return new ShapedLoss(plain, plain, ones, ones, ones, tokens.mask(), 0, v -> 0);
  }
}
