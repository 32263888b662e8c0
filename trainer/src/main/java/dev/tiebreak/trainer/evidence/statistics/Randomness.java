package dev.tiebreak.trainer.evidence.statistics;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where resampling and simulation get random numbers: LXM, whose algorithm its name fixes.
 *
 * <p>Source: Steele and Vigna, "LXM: better splittable pseudorandom number generators (and almost
 * as fast)", OOPSLA 2021.
 */
public final class Randomness {
  private static final String ALGORITHM = "L64X128MixRandom";

  private Randomness() {}

  public static RandomGenerator of(long seed) {
    return RandomGeneratorFactory.of(ALGORITHM).create(seed);
  }
}
