package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.study.Registration;
import dev.tiebreak.trainer.study.Study;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study preregister my-study",
      "  tiebreak study preregister my-study --amend \"seed 7 added: the budget allows it\""
    })
final class StudyPreregisterCommand implements Callable<Integer> {
  @Mixin private StudyParameter parameter;

  @Option(
      names = "--amend",
      paramLabel = "<why>",
      description = "Register a changed plan, prompts, text or program, with the reason.")
  private String reason;

  @Mixin private CacheOption cacheOption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    Study before = Study.openChanged(parameter.path());
    Study study;
    try (Dataset data =
        before.anyData(cacheOption.folder(), status -> terminal.say(status + " ..."))) {
      study = before.register(data, Optional.ofNullable(reason));
    }
    report(terminal, study);
    return ExitCode.OK;
  }

  private void report(Terminal terminal, Study study) {
    List<Registration.Entry> entries = study.registration().orElseThrow().entries();
    Registration.Entry now = entries.getLast();
    terminal
        .out()
        .printf(
            Locale.ROOT,
            """
            Registered %s in %s:
              plan      %s
              prompts   %s   %d
              text      %s   %,d tokens
              program   %s
              runs      %d configurations
            """,
            entries.size() == 1 ? study.plan().name() : "amendment " + (entries.size() - 1),
            study.folder().registration(),
            shortened(now.planHash()),
            shortened(now.promptsHash()),
            study.promptTexts().all().size(),
            shortened(now.data().tokensHash()),
            now.data().trainTokens() + now.data().validationTokens(),
            shortened(now.code().sha256()),
            now.configHashes().size());
    if (!now.begun().isEmpty()) {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%d of the runs had begun before; that is recorded, and what they show was not foreseen.%n",
              now.begun().size());
    }
    moveAway(terminal, study);
    terminal.out().println("Next: " + parameter.command("run"));
    terminal.out().flush();
  }

  private static void moveAway(Terminal terminal, Study study) {
    List<RunId> stale = study.staleRuns();
    if (stale.isEmpty()) {
      return;
    }
    terminal.out().println("These runs are not what the plan now says; move them away:");
    for (RunId run : stale) {
      terminal.out().println("  " + Shell.word(study.folder().run(run)));
    }
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }
}
