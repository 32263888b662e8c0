package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** How much the votes are worth, and how many more it would take. */
final class DesignSection {
  private static final double[] RATES = {0.60, 0.575, 0.55};
  private static final double[] POWERS = {0.8, 0.95};

  private DesignSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section = Section.of("design", "What this design could have found");
    if (analysis.primary().robust().isEmpty()) {
      return section
          .say("Not known: %s.", analysis.primary().clustered().robust().missing().orElse(""))
          .build();
    }
    ClusterRobust robust = analysis.primary().robust().get();
    double alpha = analysis.rules().alpha();
    return section
        .text(
            "By the spread seen here, if more votes come from more judges and more prompts in the same"
                + " proportion (normal approximation). More votes on the same prompts help less.")
        .add(worth(robust, alpha), needed(robust, alpha))
        .build();
  }

  private static Table worth(ClusterRobust robust, double alpha) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    Table.Builder table =
        Table.of("design", "What the votes are worth")
            .column("quantity", "Quantity", Format.TEXT)
            .column("value", "Value", Format.NUMBER)
            .row("design effect (Kish 1965)", robust.designEffect())
            .row("decisive votes", robust.tally().decisive())
            .row("as many independent votes would tell as much", robust.effectiveVotes())
            .row("clustered standard error of the rate", robust.se())
            .row("standard error if votes were independent", robust.naiveSe());
    for (double power : POWERS) {
      double distance =
          normal.inverseSurvivalProbability(alpha / 2) + normal.inverseCumulativeProbability(power);
      table.row(
          "smallest rate found with a power of " + Format.number(power),
          Math.min(1, 0.5 + distance * robust.se()));
    }
    return table.build();
  }

  private static Table needed(ClusterRobust robust, double alpha) {
    Table.Builder table =
        Table.of("votes_needed", "Votes needed, ties included")
            .column("rate", "True rate", Format.PERCENT)
            .column("power", "Power", Format.PERCENT)
            .column("votes", "Votes", Format.COUNT);
    for (double rate : RATES) {
      for (double power : POWERS) {
        table.row(rate, power, robust.votesNeeded(rate, alpha, power).orNull());
      }
    }
    return table.build();
  }
}
