package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of a study, as far as they are complete.
 *
 * @param runs in the plan's order
 * @param missing runs that are not complete, in the plan's order
 */
public record StudyResults(Study study, Map<RunId, RunResult> runs, List<RunId> missing) {

  /**
   * Reads a study's runs.
   *
   * @throws UserError if a file of a run is damaged, or runs of other data lie among them
   */
  public static StudyResults read(Study study) {
    StudyFolder folder = study.folder();
    Map<RunId, RunResult> runs = new LinkedHashMap<>();
    List<RunId> missing = new ArrayList<>();
    for (RunId id : study.plan().runs()) {
      RunResult.read(id, folder.run(id))
          .ifPresentOrElse(run -> runs.put(id, run), () -> missing.add(id));
    }
    StudyResults results = new StudyResults(study, runs, List.copyOf(missing));
    results.requireSameData();
    return results;
  }

  private void requireSameData() {
    RunResult first = null;
    for (RunResult run : runs.values()) {
      first = first == null ? run : first;
      Check.user(
          run.manifest().data().tokensHash().equals(first.manifest().data().tokensHash()),
          "%s and %s were trained on other tokens, so their losses cannot be compared; train one of them again",
          study.folder().run(first.id()),
          study.folder().run(run.id()));
    }
  }

  /** What was to be run. */
  public StudyPlan plan() {
    return study.plan();
  }

  /** A run, if it is complete. */
  public Optional<RunResult> run(String arm, long seed) {
    return Optional.ofNullable(runs.get(new RunId(arm, seed)));
  }

  /** The complete runs of an arm, in the order of the seeds. */
  public List<RunResult> runs(Arm arm) {
    return plan().seeds().stream().flatMap(seed -> run(arm.name(), seed).stream()).toList();
  }

  /**
   * The arm that others are compared with.
   *
   * @throws UserError if the study has none
   */
  public Arm baseline() {
    return arm(Arms.BASELINE);
  }

  /**
   * An arm of the study.
   *
   * @throws UserError if it has none of that name
   */
  public Arm arm(String name) {
    return plan().arms().stream()
        .filter(arm -> arm.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                Words.of(
                    "the study has no arm '%s' to compare the others with; add it to arms in %s",
                    name, StudyFolder.PLAN),
                Remedy.parameter("against")));
  }

  /** The arms that are compared with the baseline. */
  public List<Arm> treatments() {
    return plan().arms().stream().filter(arm -> !arm.name().equals(Arms.BASELINE)).toList();
  }
}
