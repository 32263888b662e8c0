package dev.tiebreak.losses;

import java.util.Map;

/** Leaves every gradient alone: the baseline. */
final class NoScaling implements LayerScaling {
  @Override
  public void forget() {
    // nothing was told
  }

  @Override
  public Map<String, Double> diagnostics() {
    return Map.of();
  }
}
