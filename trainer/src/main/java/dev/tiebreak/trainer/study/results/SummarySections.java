package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.lab.config.Arm;
import java.util.ArrayList;
import java.util.List;

/** What came out, section by section; one that there are no numbers for is empty. */
final class SummarySections {
  private final StudyResults results;
  private final LossAnalysis analysis;
  private final ModelFigures figures;

  SummarySections(LossAnalysis analysis) {
    this.analysis = analysis;
    this.results = analysis.results();
    this.figures = new ModelFigures(results);
  }

  Section losses() {
    double margin = results.plan().analysis().lossMargin();
    return Section.of("losses", "Validation loss")
        .add(LossTables.comparison(analysis))
        .text(
            Words.of(
                "Plain cross-entropy in nats per token, mean ± SD of the seeds; differences are paired by seed. A tie is shown if two one-sided t-tests reject a difference of %s or more, which is so if the interval lies within ±%s.",
                margin, margin))
        .items(LossClaims.of(analysis))
        .add(LossFigures.forest(analysis))
        .add(LossFigures.curves(results))
        .add(LossFigures.differences(results))
        .build();
  }

  Section predictions() {
    Section.Builder section = Section.of("predictions", "What the models predict");
    if (results.runs().values().stream().anyMatch(run -> run.examination().isPresent())) {
      section
          .add(table("predictions", Quantity.PREDICTIONS))
          .text(
              "On the validation tokens, mean ± SD of the seeds. Dividing the logits by T* gives the"
                  + " lowest loss. Entropy is in nats per token; ECE is the expected calibration error of"
                  + " the likeliest token.")
          .add(figures.temperature())
          .add(figures.byFrequency())
          .add(figures.byDifficulty());
    }
    return section.build();
  }

  Section signal() {
    return Section.of("signal", "How the training signal was shaped")
        .add(table("signal", Quantity.SIGNAL))
        .text(
            "Means over the second half of the training, mean ± SD of the seeds. Effective share: Kish's"
                + " effective sample size of the token weights over the number of tokens. Clip"
                + " coefficient: 1 where the gradient is not clipped. A gradient cosine, where it was"
                + " measured, is that between the shaped and the plain gradient.")
        .add(figures.weightHistogram())
        .add(figures.weights().toArray(Figure[]::new))
        .build();
  }

  /** A row for each arm; columns that no run has a number for are left out. */
  private Table table(String id, List<Quantity> quantities) {
    Table.Builder table = Table.of(id, "").column("arm", "arm", Format.TEXT);
    List<Quantity> known =
        quantities.stream().filter(one -> one.of(results.runs().values()).length > 0).toList();
    known.forEach(one -> table.column(one.name(), one.heading(), Format.DECIMAL));
    for (Arm arm : results.plan().arms()) {
      List<Object> row = new ArrayList<>(List.of(arm.name()));
      for (Quantity quantity : known) {
        double[] values = quantity.of(results.runs(arm));
        row.add(values.length == 0 ? null : Sample.of(values));
      }
      table.row(row.toArray());
    }
    return table.whole();
  }

  Section texts() {
    Section.Builder section = Section.of("texts", "What the texts are like");
    Table table = TextTable.of(results);
    if (!table.rows().isEmpty()) {
      section
          .add(table)
          .text(
              "Means over the texts of all seeds. seq-rep-4: share of repeated 4-grams of tokens;"
                  + " distinct-n: share of n-grams that are different; ended: by the model itself; in a"
                  + " loop: the end repeats itself.");
    }
    return section.build();
  }

  Section parting() {
    return Section.of("parting", "When twins part")
        .add(Parting.table(results))
        .text(
            "The first logged step at which the training loss differs from that of the baseline with the"
                + " same seed; - for never. Twins begin with equal weights and see equal data; their ways"
                + " are not equal.")
        .build();
  }

  Section blocks() {
    Section.Builder section = Section.of("blocks", "How the blocks were scaled");
    for (Arm arm : results.plan().arms()) {
      section.add(figures.divergences(arm)).add(figures.factors(arm));
    }
    return section.build();
  }

  Section reading() {
    return Section.of("reading", "How to read this")
        .text(
            Words.of(
                "The unit is the training run: seeds, not tokens, say whether another training would give the same. Verdicts are: equivalent (a tie is shown), different, inconclusive (neither is shown) and cannot be shown (one seed). Every number of every run is in %s. This page does not say what readers prefer.",
                StudySummary.table(results.study().folder()).getFileName()))
        .build();
  }
}
