package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.JudgeStatus;
import dev.tiebreak.trainer.judge.JudgeStore;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tiebreak judge status}: how far people are. */
@Command(
    name = "status",
    description = {
      "Shows how many judgments there are, who judges and which links were made. What was chosen is"
          + " not shown: nobody should know before judging ends."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  tiebreak judge status my-study"})
final class JudgeStatusCommand implements Callable<Integer> {
  private static final double MILLIS = 1000;

  @Mixin private JudgingFolder folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    JudgeStatus status;
    try (JudgeStore store = folder.openBegun()) {
      status = store.status();
    }
    PrintWriter out = Terminal.of(spec).out();
    out.printf(
        Locale.ROOT,
        "%,d of %,d judgments, %d judges, %,d answers in the last hour%n",
        status.given(),
        status.planned(),
        status.judges().size(),
        status.lastHour());
    for (int n = 0; n < status.pairs().size(); n++) {
      out.printf(
          Locale.ROOT,
          "  %,d pairs have %d judgment%s%n",
          status.pairs().get(n),
          n,
          n == 1 ? "" : "s");
    }
    out.printf(Locale.ROOT, "%n%-6s %-12s %6s  %s%n", "link", "for", "begun", "state");
    for (JudgeStatus.LinkRow link : status.links()) {
      int cap = link.cap();
      out.printf(
          Locale.ROOT,
          "%-6d %-12s %6d  %s%n",
          link.number(),
          link.open() ? "up to " + cap : "one judge",
          link.begun(),
          link.revoked() ? "revoked" : link.begun() >= cap ? "used" : "open");
    }
    out.printf(
        Locale.ROOT,
        "%n%-14s %6s %9s %6s %7s  %-16s  %s%n",
        "judge",
        "link",
        "answered",
        "undone",
        "median",
        "begun (UTC)",
        "last seen");
    for (JudgeStatus.JudgeRow judge : status.judges()) {
      out.printf(
          Locale.ROOT,
          "%-14s %6d %9s %6d %7s  %-16s  %s%n",
          judge.id(),
          judge.link(),
          judge.answered() + "/" + judge.total(),
          judge.undone(),
          judge.medianMs().isPresent()
              ? Words.of("%.1f s", judge.medianMs().getAsLong() / MILLIS)
              : "",
          minute(judge.begunAt()),
          minute(judge.seenAt()));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String minute(long millis) {
    return Instant.ofEpochMilli(millis)
        .truncatedTo(ChronoUnit.MINUTES)
        .toString()
        .substring(0, 16)
        .replace('T', ' ');
  }
}
