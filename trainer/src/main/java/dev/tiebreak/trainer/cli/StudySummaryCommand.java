package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.results.StudyResults;
import dev.tiebreak.trainer.study.results.SummaryFiles;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tiebreak study summary}: everything that the trainings say, on one page. */
@Command(
    name = "summary",
    description = {
      "Writes summary.md, figures/ and summary.csv into the study's folder: what was run, losses,"
          + " what the models predict, how the training signal was shaped, when twins parted. The"
          + " same folder gives the same bytes. What judges say is not in it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study summary my-study         runs that are not complete are left out, and named"
    })
final class StudySummaryCommand implements Callable<Integer> {
  @Mixin private StudyParameter parameter;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    StudyResults results = StudyResults.read(parameter.open());
    StudyFolder folder = results.study().folder();
    int figures = SummaryFiles.write(results);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%d of %d runs are complete.%nWritten to %s: %s, %s and %d figures in %s%n",
            results.runs().size(),
            results.plan().runs().size(),
            folder.path(),
            folder.summary().getFileName(),
            SummaryFiles.table(folder).getFileName(),
            figures,
            folder.figures().getFileName());
    terminal.out().flush();
    return ExitCode.OK;
  }
}
