package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Side;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Votes drawn from an assumed truth, as tables from elsewhere look: left and right name arms. */
final class SyntheticVotes {
  private final Random random;
  private final List<Vote> votes = new ArrayList<>();

  SyntheticVotes(long seed) {
    random = new Random(seed);
  }

  /**
   * Adds judges of a kind who judge a comparison.
   *
   * @param seeds pairs of models
   * @param rate mean preference for the treatment among decisive votes
   * @param promptSd between prompts
   * @param ties share of ties
   */
  SyntheticVotes add(
      JudgeKind kind,
      String treatment,
      String control,
      int judges,
      int prompts,
      int seeds,
      double rate,
      double promptSd,
      double ties) {
    Random truth = new Random(7);
    double[] rates = new double[prompts];
    for (int p = 0; p < prompts; p++) {
      rates[p] = Math.clamp(rate + promptSd * truth.nextGaussian(), 0, 1);
    }
    for (int j = 0; j < judges; j++) {
      for (int p = 0; p < prompts; p++) {
        int seed = (j + p) % seeds;
        boolean left = (j + p / 2) % 2 == 0;
        boolean treatmentWins = random.nextDouble() < rates[p];
        Choice choice =
            random.nextDouble() < ties
                ? random.nextInt(5) == 0 ? Choice.UNUSABLE : Choice.SAME
                : treatmentWins == left ? Choice.LEFT : Choice.RIGHT;
        Vote vote =
            Vote.by(kind.label() + "-" + j, kind, choice)
                .on("prompt-" + p, Words.of("%s-%d-%d", treatment, p, seed))
                .sides(left ? treatment : control, left ? control : treatment)
                .responseMs((long) (8000 * Math.exp(0.6 * random.nextGaussian())))
                .at(Instant.ofEpochSecond(1_770_000_000L + 3600L * j + 30L * p))
                .origin(
                    Vote.Origin.UNKNOWN
                        .seed(seed + 1)
                        .tokens(60 + random.nextInt(60), 60 + random.nextInt(60))
                        .in(
                            treatment.equals(control) ? "aa" : treatment,
                            Optional.of(left ? Side.LEFT : Side.RIGHT)));
        votes.add(vote);
        if (kind == JudgeKind.MODEL) {
          Choice again = random.nextDouble() < 0.8 ? choice.swapped() : choice;
          votes.add(
              vote.sides(vote.shown().right(), vote.shown().left())
                  .choice(again)
                  .swappedOf(vote.shown().pair())
                  .origin(
                      vote.origin()
                          .in(
                              vote.origin().comparison(),
                              Optional.of(left ? Side.RIGHT : Side.LEFT))));
        }
      }
    }
    return this;
  }

  List<Vote> votes() {
    return List.copyOf(votes);
  }

  /** A study with people, models, four comparisons and equal arms. */
  static List<Vote> study(long seed) {
    return new SyntheticVotes(seed)
        .add(JudgeKind.HUMAN, "both", "baseline", 24, 32, 6, 0.66, 0.12, 0.3)
        .add(JudgeKind.HUMAN, "gain", "baseline", 12, 32, 6, 0.58, 0.12, 0.3)
        .add(JudgeKind.HUMAN, "divergence", "baseline", 12, 32, 6, 0.5, 0.12, 0.3)
        .add(JudgeKind.HUMAN, "baseline", "baseline", 12, 32, 6, 0.5, 0.0, 0.4)
        .add(JudgeKind.MODEL, "both", "baseline", 6, 32, 6, 0.64, 0.12, 0.2)
        .votes();
  }

  static ReportInput input(List<Vote> votes) {
    return new ReportInput(
        "Synthetic votes",
        "Read: votes that were drawn at random.",
        votes,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        List.of());
  }
}
