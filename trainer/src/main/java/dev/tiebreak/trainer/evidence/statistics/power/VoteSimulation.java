package dev.tiebreak.trainer.evidence.statistics.power;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Votes drawn at random from an assumed truth, laid out as a study lays them out: each judge sees a
 * prompt once at most, seed pairs and sides take turns, over a judge's items and over the votes on
 * a pair of texts, and each pair gets the same number of votes. The chance of a decisive vote for
 * the treatment is that of {@link Design}, plus half of the position's effect if the treatment
 * stands on the left, less half of it on the right.
 */
public final class VoteSimulation {
  private final Design design;
  private final double position;
  private final RandomGenerator random;

  /** A source of studies; position is what standing on the left adds to the chance. */
  public VoteSimulation(Design design, double position, long seed) {
    if (design.itemsPerJudge() > design.prompts()) {
      throw new IllegalArgumentException(
          Words.of(
              "a judge cannot see %d items of %d prompts, each once",
              design.itemsPerJudge(), design.prompts()));
    }
    this.design = design;
    this.position = position;
    random = Randomness.of(seed);
  }

  public List<Ballot> draw() {
    int votes = design.seeds() * design.prompts() * design.completions() * design.judgments();
    double promptSd = design.promptSd() * Math.sqrt(design.promptShare());
    double pairSd = design.promptSd() * Math.sqrt(1 - design.promptShare());
    double[] seeds = normal(design.seeds(), design.seedSd());
    double[] prompts = normal(design.prompts(), promptSd);
    double[] pairs = normal(votes / design.judgments(), pairSd);
    double[] judges = normal(Math.ceilDiv(votes, design.itemsPerJudge()), design.judgeSd());
    List<Ballot> ballots = new ArrayList<>(votes);
    for (int v = 0; v < votes; v++) {
      int prompt = v % design.prompts();
      int round = v / design.prompts(); // in each, every prompt is judged once
      int seed = (round + prompt) % design.seeds();
      int completion = round / design.seeds() % design.completions();
      int pair = (seed * design.prompts() + prompt) * design.completions() + completion;
      int judge = v / design.itemsPerJudge();
      int repeat = round / design.seeds() / design.completions();
      boolean left = (prompt / design.seeds() + completion + repeat) % 2 == 0;
      double chance =
          design.rate()
              + seeds[seed]
              + prompts[prompt]
              + pairs[pair]
              + judges[judge]
              + (left ? position : -position) / 2;
      int outcome =
          random.nextDouble() >= design.decisive()
              ? 0
              : random.nextDouble() < Math.clamp(chance, 0, 1) ? 1 : -1;
      ballots.add(new Ballot(judge, prompt, pair, seed + 1, left, outcome)); // 0 is unknown
    }
    return ballots;
  }

  /** Draws what happens with some chance. */
  boolean happens(double chance) {
    return random.nextDouble() < chance;
  }

  private double[] normal(int size, double sd) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = sd * random.nextGaussian();
    }
    return values;
  }

  /** The mean chance: nearer to one half than the rate, as chances are cut off at 0 and 1. */
  public static double meanChance(Design design) {
    double sd =
        Math.sqrt(
            design.seedSd() * design.seedSd()
                + design.promptSd() * design.promptSd()
                + design.judgeSd() * design.judgeSd());
    if (sd == 0) {
      return Math.clamp(design.rate(), 0, 1);
    }
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double low = -design.rate() / sd;
    double high = (1 - design.rate()) / sd;
    double inside = normal.cumulativeProbability(high) - normal.cumulativeProbability(low);
    return design.rate() * inside
        + sd * (normal.density(low) - normal.density(high))
        + normal.survivalProbability(high);
  }

  /** The same design with the rate that makes the mean chance what is asked for. */
  public static Design withMeanChance(Design design, double chance) {
    double low = 0;
    double high = 1;
    for (int halving = 0; halving < 60; halving++) {
      double middle = (low + high) / 2;
      if (meanChance(design.withRate(middle)) < chance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return design.withRate(low);
  }
}
