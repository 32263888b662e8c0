package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.study.StudyPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Two models whose texts are compared. */
record ModelPair(Comparison comparison, RunId treatment, RunId control) {

  /**
   * All of a plan: comparison by comparison, seed by seed. Where both are of one arm and seeds go
   * round in a circle, the way back is no new pair: two seeds give one.
   */
  static List<ModelPair> of(StudyPlan plan) {
    List<ModelPair> pairs = new ArrayList<>();
    for (Comparison comparison : plan.comparisons()) {
      Set<Set<RunId>> taken = new HashSet<>();
      for (long seed : plan.seeds()) {
        RunId treatment = new RunId(comparison.treatment(), seed);
        RunId control = new RunId(comparison.control(), plan.controlSeed(comparison, seed));
        boolean fresh = treatment.equals(control) || taken.add(Set.of(treatment, control));
        if (fresh) {
          pairs.add(new ModelPair(comparison, treatment, control));
        }
      }
    }
    return pairs;
  }
}
