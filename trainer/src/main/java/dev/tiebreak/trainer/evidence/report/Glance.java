package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Block;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.List;

/** The report on one screen. */
final class Glance {
  private static final int MOST_STRATA = 10;

  private Glance() {}

  static List<Block> of(Analysis analysis) {
    Stratum primary = analysis.primary();
    Tally tally = primary.tally();
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Text(
            Words.of(
                "%s; %,d votes: %,d for, %,d against, %,d ties",
                primary.words(), tally.total(), tally.wins(), tally.losses(), tally.ties())));
    OverviewSection.repeats(analysis.judgments()).map(Block.Text::new).ifPresent(blocks::add);
    List<Estimate> present = primary.estimates().stream().filter(Estimate::isPresent).toList();
    String level = Words.of("Intervals are of %s %%.", analysis.rules().percentLevel());
    blocks.add(EstimateSection.table("estimates", level, present));
    if (analysis.strata().size() > 1) {
      Table table =
          ComparisonSection.table(analysis)
              .select("comparison", "judge_kind", "decisive", "rate", "p", "holm_p");
      int shown = Math.min(MOST_STRATA, table.rows().size());
      blocks.add(new Table(table.id(), "", table.columns(), table.rows(), shown));
    }
    return blocks;
  }
}
