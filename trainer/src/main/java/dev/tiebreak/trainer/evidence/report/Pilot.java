package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.MixedLogit;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How much prompts, judges and pairs of models differ, and how often judges decide, by the votes of
 * a smaller study: what the power of a larger one depends on. The deviations are those of the mixed
 * logistic model, of rates near one half, where a rate moves by a quarter of a logit.
 *
 * @param seedSd between pairs of models; empty where the votes do not tell
 * @param promptSd between prompts and completions together
 * @param promptShare of that variance that belongs to the prompt
 * @param judgeSd between judges
 * @param decisive share of judgments that are not ties
 */
public record Pilot(
    OptionalDouble seedSd, double promptSd, double promptShare, double judgeSd, double decisive) {
  private static final double SLOPE = 0.25; // of the logistic function at 0

  /**
   * Estimates them from the first comparison of some votes, by people if any judged.
   *
   * @throws UserError if the votes are too few for the model
   */
  public static Pilot of(ReportInput votes) {
    Stratum primary = Analysis.of(votes, Rules.usual(), _ -> {}).primary();
    MixedLogit model =
        primary
            .clustered()
            .mixed()
            .found()
            .orElseThrow(() ->
                new UserError(
                    "the pilot does not tell how votes differ: "
                        + primary.clustered().mixed().missing().orElse("")
                        + "; collect more, or state the deviations"));
    Map<Factor, Double> sds = model.sds();
    double prompt = SLOPE * sds.getOrDefault(Factor.PROMPT, 0.0);
    double completion = SLOPE * sds.getOrDefault(Factor.COMPLETION, 0.0);
    double variance = prompt * prompt + completion * completion;
    Double seeds = sds.get(Factor.SEED_PAIR);
    return new Pilot(
        seeds == null ? OptionalDouble.empty() : OptionalDouble.of(SLOPE * seeds),
        Math.sqrt(variance),
        variance == 0 ? 0 : prompt * prompt / variance,
        SLOPE * sds.getOrDefault(Factor.JUDGE, 0.0),
        (double) primary.tally().decisive() / primary.tally().total());
  }
}
