package dev.tiebreak.trainer.study.results;

import dev.tiebreak.losses.GainDiagnostics;
import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.DotPlot;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** Figures of what models predict and of how their training signal was shaped. */
final class ModelFigures {
  private final StudyResults results;

  ModelFigures(StudyResults results) {
    this.results = results;
  }

  /** The best temperature of each arm. */
  Optional<Figure> temperature() {
    List<DotPlot.Row> rows = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      double[] values = Quantity.TEMPERATURE.of(results.runs(arm));
      if (values.length > 0) {
        rows.add(
            new DotPlot.Row(
                arm.name(),
                look(arm),
                Arrays.stream(values).boxed().toList(),
                Format.number(Sample.of(values).mean())));
      }
    }
    DotPlot plot =
        new DotPlot(
            "The temperature that would suit each model best",
            "T*: above 1 the model is too sure, below 1 not sure enough",
            rows,
            OptionalDouble.of(1),
            0,
            "dot: mean of the seeds; rings: seeds");
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Figure.of(
                "temperature",
                "The temperature T* that would suit each model best: an arm that needs another one than the"
                    + " baseline is bolder or more timid.",
                plot.svg()));
  }

  /** On which tokens an arm is better or worse, by their frequency. */
  Optional<Figure> byFrequency() {
    return deciles(
        "deciles-frequency",
        "Losses less the baseline's by how frequent the token is.",
        "Loss less the baseline's, by how frequent the token is",
        "decile of the token's count in the training text, the rarest first",
        Examination::lossByFrequency);
  }

  /** On which tokens an arm is better or worse, by their difficulty. */
  Optional<Figure> byDifficulty() {
    return deciles(
        "deciles-difficulty",
        "Losses less the baseline's by how hard the token is to guess.",
        "Loss less the baseline's, by how hard the token is to guess",
        "decile of the token's surprisal under a bigram model, the easiest first",
        Examination::lossByDifficulty);
  }

  /** The deciles hold the same tokens in every run. */
  private Optional<Figure> deciles(
      String id,
      String caption,
      String title,
      String xName,
      Function<Examination, List<Double>> losses) {
    return LossFigures.lines(
        id,
        caption,
        title,
        xName,
        Curves.differences(results, run -> run.examination().map(losses).map(Curves::numbered), 0),
        List.of(0.0));
  }

  /** How unequal weights are, how many tokens count, and how many have negative weights. */
  List<Figure> weights() {
    return Stream.of(
            weights(
                "weight-sd",
                "How unequally tokens were weighted.",
                Metric.WEIGHT_SD,
                "Standard deviation of the token weights"),
            weights(
                "weight-effective",
                "How many of the tokens count, in effect.",
                Metric.WEIGHT_EFFECTIVE_SHARE,
                "Effective share of the tokens"),
            weights(
                "weight-negative",
                "How many tokens were pushed away from.",
                Metric.WEIGHT_NEGATIVE_SHARE,
                "Share of tokens with a negative weight"))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Only arms that weigh tokens at all; nothing if all values are 0. */
  private Optional<Figure> weights(String id, String caption, String name, String title) {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      List<Series> spread = series(arm, metric(Metric.WEIGHT_SD));
      if (spread.stream().anyMatch(one -> one.lateMean() > 0)) {
        curves.add(Curves.mean(arm.name(), look(arm), series(arm, metric(name)), 0));
      }
    }
    boolean any =
        curves.stream().flatMap(curve -> curve.values().stream()).anyMatch(v -> v.high() > 0);
    return LossFigures.lines(
        id,
        caption,
        title + ": mean and range of the seeds",
        LossFigures.STEP,
        any ? curves : List.of(),
        List.of());
  }

  /** Means over the second half of the training: weights settle late. */
  Optional<Figure> weightHistogram() {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      List<Series> shares = series(arm, ModelFigures::weightShares);
      if (!shares.isEmpty()) {
        curves.add(Curves.mean(arm.name(), look(arm), shares, 0));
      }
    }
    return LossFigures.lines(
        "weights",
        "How tokens were weighted, in the second half of the training.",
        "Share of tokens by weight: mean and range of the seeds",
        "weight of a token, in per cent of its weight in the baseline",
        curves,
        List.of());
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

  /** The divergence of each block of an arm that scales them. */
  Optional<Figure> divergences(Arm arm) {
    return blocks(arm, "d", "Divergence d of each block, " + arm.name(), List.of());
  }

  /** The factor of each block of an arm that scales them. */
  Optional<Figure> factors(Arm arm) {
    return blocks(arm, "f", "Factor f of each block, " + arm.name(), List.of(1.0));
  }

  private Optional<Figure> blocks(Arm arm, String letter, String title, List<Double> reference) {
    int blocks = 0;
    while (!series(arm, metric(Words.of("block_%d_%s", blocks, letter))).isEmpty()) {
      blocks++;
    }
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      List<Series> values = series(arm, metric(Words.of("block_%d_%s", i, letter)));
      curves.add(Curves.mean("block " + i, Palette.shade(i, blocks), values, 0));
    }
    String id = Words.of("blocks-%s-%s", arm.name(), letter);
    return LossFigures.lines(id, title + ".", title, LossFigures.STEP, curves, reference);
  }

  private Palette look(Arm arm) {
    return LossFigures.look(results, arm.name());
  }

  private List<Series> series(Arm arm, Function<RunResult, Series> of) {
    return results.runs(arm).stream().map(of).filter(one -> one.size() > 0).toList();
  }

  private static Function<RunResult, Series> metric(String name) {
    return run -> run.metrics().step(name);
  }
}
