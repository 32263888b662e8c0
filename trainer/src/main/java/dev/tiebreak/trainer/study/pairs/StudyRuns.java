package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.nio.file.Files;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The trained models that a study's texts come from. */
final class StudyRuns {
  private StudyRuns() {}

  /**
   * The hashes of the final weights of some runs.
   *
   * @throws UserError if one of them is not complete, or was trained with another configuration
   *     than the plan's; it names them
   */
  static Map<RunId, String> weights(StudyFolder folder, StudyPlan plan, Collection<RunId> runs) {
    List<RunId> missing =
        runs.stream().filter(run -> !Files.exists(view(folder, run).summary())).toList();
    if (!missing.isEmpty()) {
      throw new UserError(
          Words.of(
              "%d of %d runs are not complete: %s; train them first",
              missing.size(), runs.size(), names(missing)),
          Remedy.step(Remedy.Kind.RUN, folder.path()));
    }
    List<RunId> others =
        runs.stream()
            .filter(run ->
                !RunManifest.load(view(folder, run).manifest())
                    .configHash()
                    .equals(plan.config(run).hash()))
            .toList();
    Check.user(
        others.isEmpty(),
        "the plan in %s was changed since these were trained: %s; restore it, or train them again",
        folder.plan(), names(others));
    Map<RunId, String> weights = new LinkedHashMap<>();
    runs.forEach(
        run -> weights.put(run, RunSummary.load(view(folder, run).summary()).weightsHash()));
    return weights;
  }

  private static RunFolder view(StudyFolder folder, RunId run) {
    return new RunFolder(folder.run(run));
  }

  private static String names(List<RunId> runs) {
    return runs.stream().map(RunId::toString).collect(Collectors.joining(", "));
  }
}
