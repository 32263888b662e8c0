package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import dev.tiebreak.trainer.study.StudyTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study init}: a plan to begin with. */
@Command(
    name = "init",
    header = "Writes a plan with comments, and prompts.",
    description = {
      "Writes a plan with comments, study.toml, and prompts, prompts.jsonl, into a new folder. Nothing"
          + " that is there is overwritten."
    },
    footer = {
      "  tiebreak study init my-study                        8 small models, minutes on two cores",
      "  tiebreak study init my-study --size consumer-gpu    24 models of 30 million parameters",
      "  tiebreak study init my-study --size original        12 of 1.2 billion"
    })
final class StudyInitCommand extends Action {
  @Mixin private StudyParameter study;

  @Option(
      names = "--size",
      paramLabel = "<size>",
      defaultValue = "demo",
      description = "One of demo, consumer-gpu, original (default: ${DEFAULT-VALUE}).")
  private String size;

  @Override
  int run() {
    StudyFolder folder = StudyTemplate.parse(size).write(study.path());
    StudyPlan plan = StudyPlan.read(folder.plan());
    print(
        """
        Written: %s (%d arms x %d seeds, %d comparisons) and %s.
        Read and edit the plan; then: %s
        """,
        folder.plan(),
        plan.arms().size(),
        plan.seeds().size(),
        plan.comparisons().size(),
        folder.prompts(),
        study.command("check"));
    return ExitCode.OK;
  }
}
