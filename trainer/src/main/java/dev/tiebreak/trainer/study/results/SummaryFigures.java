package dev.tiebreak.trainer.study.results;

import dev.tiebreak.losses.GainDiagnostics;
import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.DotPlot;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The figures of the summary, by the names of their files: those that there are numbers for. */
final class SummaryFigures {
  private static final String LOSS = "val_loss";
  private static final String STEP = "training step";
  private static final int LATER = 10; // curves of losses begin at a tenth of the steps

  private final StudyResults results;
  private final Map<String, String> figures = new LinkedHashMap<>();

  private SummaryFigures(StudyResults results) {
    this.results = results;
  }

  /** Draws them all. */
  static Map<String, String> of(LossAnalysis analysis) {
    StudyResults results = analysis.results();
    SummaryFigures all = new SummaryFigures(results);
    all.figures.put("losses.svg", LossFigure.svg(analysis));
    all.curves();
    all.differences();
    all.temperatures();
    all.deciles(
        "deciles-frequency.svg",
        "Loss less the baseline's, by how frequent the token is",
        "decile of the token's count in the training text, the rarest first",
        Examination::lossByFrequency);
    all.deciles(
        "deciles-difficulty.svg",
        "Loss less the baseline's, by how hard the token is to guess",
        "decile of the token's surprisal under a bigram model, the easiest first",
        Examination::lossByDifficulty);
    all.weights("weight-sd.svg", Metric.WEIGHT_SD, "Standard deviation of the token weights");
    all.weights(
        "weight-effective.svg", Metric.WEIGHT_EFFECTIVE_SHARE, "Effective share of the tokens");
    all.weights(
        "weight-negative.svg",
        Metric.WEIGHT_NEGATIVE_SHARE,
        "Share of tokens with a negative weight");
    all.weightHistogram();
    results.plan().arms().forEach(all::blocks);
    return all.figures;
  }

  private Palette look(Arm arm) {
    return LossFigure.look(results, arm.name());
  }

  private List<Series> series(Arm arm, Function<RunResult, Series> of) {
    return results.runs(arm).stream().map(of).filter(one -> one.size() > 0).toList();
  }

  /** Where curves of losses begin: what comes before dwarfs all differences. */
  private long start() {
    long last =
        results.runs().values().stream().mapToLong(r -> r.summary().steps()).max().orElse(0);
    return Math.ceilDiv(last, LATER);
  }

  private void curves() {
    List<Curve> curves = Curves.losses(results, results.plan().arms(), start());
    add(
        "curves.svg",
        "Validation loss, nats per token: mean and range of the seeds",
        curves,
        List.of());
  }

  private void differences() {
    double margin = results.plan().analysis().lossMargin();
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.treatments()) {
      List<Series> differences = new ArrayList<>();
      for (RunResult run : results.runs(arm)) {
        results
            .run(results.baseline().name(), run.id().seed())
            .ifPresent(twin ->
                differences.add(
                    Curves.difference(
                        run.metrics().evaluation(LOSS), twin.metrics().evaluation(LOSS))));
      }
      curves.add(Curves.mean(arm.name(), look(arm), differences, start()));
    }
    add(
        "differences.svg",
        "Validation loss less the baseline's; dashed: the margin",
        curves,
        List.of(-margin, 0.0, margin));
  }

  private void add(String file, String title, List<Curve> curves, List<Double> reference) {
    List<Curve> drawn = curves.stream().filter(curve -> !curve.values().isEmpty()).toList();
    if (!drawn.isEmpty()) {
      figures.put(file, new LinePlot(title, STEP, drawn, reference).svg());
    }
  }

  private void temperatures() {
    Quantity quantity = Quantity.TEMPERATURE;
    List<DotPlot.Row> rows = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      double[] values = quantity.of(results.runs(arm));
      if (values.length > 0) {
        rows.add(
            new DotPlot.Row(
                arm.name(),
                look(arm),
                IntStream.range(0, values.length).mapToObj(i -> values[i]).toList(),
                Numbers.fixed(Sample.of(values).mean(), 3)));
      }
    }
    if (!rows.isEmpty()) {
      figures.put(
          "temperature.svg",
          new DotPlot(
                  "The temperature that would suit each model best",
                  "T*: above 1 the model is too sure, below 1 not sure enough",
                  rows,
                  OptionalDouble.of(1),
                  0,
                  "dot: mean of the seeds; rings: seeds")
              .svg());
    }
  }

  /** On which tokens an arm is better or worse; the deciles hold the same tokens in every run. */
  private void deciles(
      String file, String title, String xName, Function<Examination, List<Double>> losses) {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.treatments()) {
      List<Series> differences = new ArrayList<>();
      for (RunResult run : results.runs(arm)) {
        results
            .run(results.baseline().name(), run.id().seed())
            .filter(twin -> twin.examination().isPresent() && run.examination().isPresent())
            .ifPresent(twin ->
                differences.add(
                    Curves.difference(
                        Curves.numbered(losses.apply(run.examination().get())),
                        Curves.numbered(losses.apply(twin.examination().get())))));
      }
      curves.add(Curves.mean(arm.name(), look(arm), differences, 0));
    }
    List<Curve> drawn = curves.stream().filter(curve -> !curve.values().isEmpty()).toList();
    if (!drawn.isEmpty()) {
      figures.put(file, new LinePlot(title, xName, drawn, List.of(0.0)).svg());
    }
  }

  /** Only arms that weigh tokens at all; nothing if all values are 0. */
  private void weights(String file, String name, String title) {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      List<Series> spread = series(arm, metric(Metric.WEIGHT_SD));
      if (spread.stream().anyMatch(one -> one.lateMean() > 0)) {
        curves.add(Curves.mean(arm.name(), look(arm), series(arm, metric(name)), 0));
      }
    }
    if (curves.stream().flatMap(curve -> curve.values().stream()).anyMatch(v -> v.high() > 0)) {
      add(file, title + ": mean and range of the seeds", curves, List.of());
    }
  }

  /** Means over the second half of the training: weights settle late. */
  private void weightHistogram() {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      List<Series> shares = series(arm, SummaryFigures::weightShares);
      if (!shares.isEmpty()) {
        curves.add(Curves.mean(arm.name(), look(arm), shares, 0));
      }
    }
    if (!curves.isEmpty()) {
      String title = "Share of tokens by weight: mean and range of the seeds";
      String xName = "weight of a token, in per cent of its weight in the baseline";
      figures.put("weights.svg", new LinePlot(title, xName, curves, List.of()).svg());
    }
  }

  /** The share of the tokens in each bin, at the bin's middle in per cent. */
  private static Series weightShares(RunResult run) {
    Series shares = new Series();
    for (int i = 0; i < GainDiagnostics.BINS; i++) {
      Series bin = run.metrics().step(Metric.weightBin(i));
      if (bin.size() > 0) {
        shares.add(Math.round(100 * GainDiagnostics.BIN_WIDTH * (i + 0.5)), bin.lateMean());
      }
    }
    return shares;
  }

  /** One curve for each block of an arm that scales them. */
  private void blocks(Arm arm) {
    blocks(arm, "d", "Divergence d of each block, " + arm.name());
    blocks(arm, "f", "Factor f of each block, " + arm.name());
  }

  private void blocks(Arm arm, String letter, String title) {
    int blocks = 0;
    while (!series(arm, metric(Words.of("block_%d_%s", blocks, letter))).isEmpty()) {
      blocks++;
    }
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      List<Series> values = series(arm, metric(Words.of("block_%d_%s", i, letter)));
      curves.add(Curves.mean("block " + i, Palette.shade(i, blocks), values, 0));
    }
    add(
        Words.of("blocks-%s-%s.svg", arm.name(), letter),
        title,
        curves,
        letter.equals("f") ? List.of(1.0) : List.of());
  }

  private static Function<RunResult, Series> metric(String name) {
    return run -> run.metrics().step(name);
  }
}
