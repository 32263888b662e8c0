package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyVerifier;
import dev.tiebreak.trainer.study.Verdict;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak study verify}: checks every hash again. */
@Command(
    name = "verify",
    header = "Checks every hash again.",
    description = {
      "Checks every hash again: plan, prompts, text and program against the registration; each run's"
          + " configuration, text, data order and initial weights against the plan and its twins; its"
          + " last weights against its summary."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every check holds", "1:a check failed", "2:wrong input"},
    footer = {"  tiebreak study verify my-study"})
final class StudyVerifyCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Mixin private CacheOption cacheOption;

  @Override
  int run() {
    Study study = Study.openChanged(parameter.path());
    List<Verdict> verdicts;
    try (Dataset data = study.anyData(cacheOption.folder(), this::status)) {
      verdicts = new StudyVerifier(study, data).verify();
    }
    int width = verdicts.stream().mapToInt(one -> one.subject().length()).max().orElse(1);
    for (Verdict one : verdicts) {
      String format = "%-" + width + "s  %-16s %s  %s";
      String line = Words.of(format, one.subject(), one.what(), mark(one), one.detail());
      print("%s%n", line.stripTrailing());
    }
    long failed = count(verdicts, Verdict.Result.FAILED);
    long held = count(verdicts, Verdict.Result.OK);
    print("%d checks hold%s.%n", held, failed == 0 ? "" : ", " + failed + " failed");
    return failed == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private static long count(List<Verdict> verdicts, Verdict.Result result) {
    return verdicts.stream().filter(one -> one.result() == result).count();
  }

  private String mark(Verdict verdict) {
    return switch (verdict.result()) {
      case OK -> terminal().styled(Style.GREEN, "ok    ");
      case FAILED -> terminal().styled(Style.RED, "FAILED");
      case NOTE -> "-     ";
    };
  }
}
