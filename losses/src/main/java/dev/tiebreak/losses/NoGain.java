package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/** Weight 1 for every token: the baseline. */
final class NoGain implements TokenGain {
  @Override
  public ShapedLoss shape(Tensor losses, Tensor targets, long step) {
    Tokens tokens = Tokens.of(losses, targets);
    Tensor plain = tokens.mean(losses);
    Tensor ones = losses.detach().scale(0).shift(1);
    return new ShapedLoss(plain, plain, ones, ones, ones, tokens.mask(), 0);
  }

  @Override
  public double[] state() {
    return new double[0];
  }

  @Override
  public void restore(double[] state) {
    if (state.length != 0) {
      throw new IllegalArgumentException("the baseline has no state, got " + state.length);
    }
  }
}
