package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.study.Study;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study preregister}: fixes a plan. */
@Command(
    name = "preregister",
    header = "Fixes a plan by its hashes, or amends it with a reason.",
    description = {
      "Fixes the study: SHA-256 of the plan, the prompts, every run's resolved configuration, the text"
          + " and the program go into registration.json. From then on every command refuses a changed"
          + " plan. To change it all the same, say why with --amend; all earlier records and reasons"
          + " are kept. Publish registration.json before judging begins."
    },
    footer = {
      "  tiebreak study preregister my-study",
      "  tiebreak study preregister my-study --amend \"seed 7 added: the budget allows it\""
    })
final class StudyPreregisterCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Option(
      names = "--amend",
      paramLabel = "<why>",
      description = "Register a changed plan, prompts, text or program, with the reason.")
  private String reason;

  @Mixin private CacheOption cacheOption;

  @Override
  int run() {
    Study before = Study.openChanged(parameter.path());
    Study study;
    try (Dataset data = before.anyData(cacheOption.folder(), this::status)) {
      study = before.register(data, Optional.ofNullable(reason));
    }
    terminal().out().print(study.registration().orElseThrow().toText(study));
    List<RunId> stale = study.staleRuns();
    if (!stale.isEmpty()) {
      print("These runs are not what the plan now says; move them away:%n");
      stale.forEach(run -> print("  %s%n", Shell.word(study.folder().run(run))));
    }
    print("Next: %s%n", parameter.command("run"));
    return ExitCode.OK;
  }
}
