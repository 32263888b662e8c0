package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.results.StudyResults;
import dev.tiebreak.trainer.study.results.StudySummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak study summary}: everything that the trainings say, on one page. */
@Command(
    name = "summary",
    description = {
      "Writes summary.html, summary.md with figures/, summary.json and summary.csv into the study's"
          + " folder: what was run, losses, what the models predict, how the training signal was shaped, when twins parted. The"
          + " same folder gives the same bytes. What judges say is not in it."
    },
    footer = {
      "  tiebreak study summary my-study         runs that are not complete are left out, and named"
    })
final class StudySummaryCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Override
  int run() {
    StudyResults results = StudyResults.read(parameter.open());
    StudyFolder folder = results.study().folder();
    int figures = StudySummary.write(results);
    print(
        "%d of %d runs are complete.%nWritten to %s: %s, %s, %s and %d figures in %s%n",
        results.runs().size(),
        results.plan().runs().size(),
        folder.path(),
        StudySummary.page(folder).getFileName(),
        folder.summary().getFileName(),
        StudySummary.table(folder).getFileName(),
        figures,
        folder.figures().getFileName());
    return ExitCode.OK;
  }
}
