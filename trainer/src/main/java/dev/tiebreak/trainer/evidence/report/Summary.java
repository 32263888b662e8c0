package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.report.ClusteredEstimates.Primary;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import java.util.ArrayList;
import java.util.List;

/** The report on one screen. */
final class Summary {
  private static final int NAME = 42;
  private static final int MOST_STRATA = 10;

  private Summary() {}

  static List<String> of(Analysis analysis) {
    Stratum primary = analysis.primary();
    Tally tally = primary.tally();
    List<String> lines = new ArrayList<>();
    lines.add(primary.words());
    lines.add(
        Words.of(
            "  %,d votes: %,d for, %,d against, %,d ties",
            tally.total(), tally.wins(), tally.losses(), tally.ties()));
    lines.add("");
    lines.add(line("", "value", Words.of("%s %% interval", analysis.rules().percentLevel()), "p"));
    for (Estimate one : primary.estimates()) {
      if (one.isPresent()) {
        lines.add(
            line(
                one.name() + (one.naive() ? " (naive)" : ""),
                one.words(),
                one.range(),
                Format.p(one.p())));
      }
    }
    lines.add("");
    if (analysis.strata().size() > 1) {
      lines.add(line("comparisons", "rate", "votes", "p (Holm's)"));
      analysis.strata().stream()
          .limit(MOST_STRATA)
          .forEach(one -> lines.add(comparison(analysis, one)));
      int more = analysis.strata().size() - MOST_STRATA;
      if (more > 0) {
        lines.add(Words.of("  and %d more in %s", more, ReportFiles.PAGE));
      }
      lines.add("");
    }
    return lines;
  }

  private static String comparison(Analysis analysis, Stratum one) {
    Primary test = one.clustered().primary();
    Double adjusted =
        one.kind() == analysis.kind() ? analysis.adjusted().get(one.contest().name()) : null;
    String p = Format.p(test.p()) + (adjusted == null ? "" : " (" + Format.p(adjusted) + ")");
    return line(
        one.words(),
        Format.percent(one.tally().rate().found().orElse(Double.NaN)),
        Words.of("%,d", one.tally().total()),
        p);
  }

  private static String line(String name, String value, String interval, String p) {
    String fit = name.length() > NAME ? name.substring(0, NAME - 1) + "\u2026" : name;
    return Words.of("  %-" + NAME + "s %9s  %18s  %s", fit, value, interval, p).stripTrailing();
  }
}
