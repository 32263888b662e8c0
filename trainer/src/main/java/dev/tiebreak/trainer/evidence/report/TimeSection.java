package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.Histogram;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.statistics.Drift;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.SignFlip;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** When votes came, how long judges took, and whether they changed while they judged. */
final class TimeSection {
  private static final int BINS = 50;
  private static final int POINTS = 200; // of a curve

  private TimeSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section = Section.of("time", "Time");
    responses(section, analysis);
    arrivals(section, analysis);
    drift(section, analysis);
    trend(section, analysis);
    return section.build();
  }

  private static List<Judgment> presented(Analysis analysis, JudgeKind kind) {
    return analysis.judgments().contests().stream()
        .flatMap(one -> one.presented().stream())
        .filter(one -> one.kind() == kind)
        .toList();
  }

  private static void responses(Section.Builder section, Analysis analysis) {
    List<Histogram.Named> samples = new ArrayList<>();
    Table.Builder table =
        Table.of("response_times", "Seconds for a pair")
            .column("judge_kind", "Judges", Format.TEXT)
            .column("votes", "Votes with a time", Format.COUNT)
            .column("q05", "5 %", Format.NUMBER)
            .column("q25", "25 %", Format.NUMBER)
            .column("median", "Median", Format.NUMBER)
            .column("q75", "75 %", Format.NUMBER)
            .column("q95", "95 %", Format.NUMBER);
    for (JudgeKind kind : JudgeKind.values()) {
      double[] seconds =
          presented(analysis, kind).stream()
              .flatMapToLong(one -> one.vote().responseMs().stream())
              .mapToDouble(ms -> ms / 1000.0)
              .sorted()
              .toArray();
      if (seconds.length > 0) {
        table.row(
            Stratum.judges(kind),
            seconds.length,
            at(seconds, 0.05),
            at(seconds, 0.25),
            at(seconds, 0.5),
            at(seconds, 0.75),
            at(seconds, 0.95));
        double[] logs =
            Arrays.stream(seconds).map(one -> Math.log10(Math.max(0.01, one))).toArray();
        samples.add(new Histogram.Named(Stratum.judges(kind), Palette.kind(kind.ordinal()), logs));
      }
    }
    if (samples.isEmpty()) {
      section.text("The votes do not say how long judges took.");
      return;
    }
    section.picture(
        "response-times",
        "How long judges took for a pair. The axis is logarithmic: 0 is 1 second, 1 is 10, 2 is 100.",
        new Histogram(
                "Response times",
                "logarithm (base 10) of the time in seconds",
                samples,
                BINS,
                OptionalDouble.empty(),
                "")
            .svg(),
        table.build());
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  private static void arrivals(Section.Builder section, Analysis analysis) {
    List<LinePlot.Curve> curves = new ArrayList<>();
    Table.Builder table =
        Table.of("votes_over_time", "Votes over time")
            .column("judge_kind", "Judges", Format.TEXT)
            .column("hours", "Hours since the first", Format.NUMBER)
            .column("votes", "Votes", Format.COUNT);
    Instant first =
        analysis.input().votes().stream()
            .flatMap(vote -> vote.at().stream())
            .min(Comparator.naturalOrder())
            .orElse(null);
    if (first == null) {
      section.text("The votes do not say when they were given.");
      return;
    }
    for (JudgeKind kind : JudgeKind.values()) {
      double[] hours =
          presented(analysis, kind).stream()
              .flatMap(one -> one.vote().at().stream())
              .mapToDouble(at -> (at.toEpochMilli() - first.toEpochMilli()) / 3.6e6)
              .sorted()
              .toArray();
      List<LinePlot.Value> values = new ArrayList<>();
      int step = Math.max(1, hours.length / POINTS);
      for (int i = 0; i < hours.length; i++) {
        if (i % step == 0 || i == hours.length - 1) {
          table.row(Stratum.judges(kind), hours[i], i + 1);
          values.add(new LinePlot.Value(hours[i], i + 1));
        }
      }
      if (!values.isEmpty()) {
        curves.add(new LinePlot.Curve(Stratum.judges(kind), Palette.kind(kind.ordinal()), values));
      }
    }
    section.picture(
        "votes-over-time",
        "Votes given so far. Collection should end at the number or the date that the plan fixed.",
        new LinePlot("Votes over time", "hours since the first vote", curves, List.of()).svg(),
        table.hidden());
  }

  /** First against second half of each judge's votes. */
  private static void drift(Section.Builder section, Analysis analysis) {
    Stratum primary = analysis.primary();
    Map<String, List<Judgment>> byJudge =
        primary.contest().judgments(primary.kind()).stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.vote().judge(), TreeMap::new, Collectors.toList()));
    Tally early = Tally.NONE;
    Tally late = Tally.NONE;
    List<Double> rates = new ArrayList<>();
    List<Double> ties = new ArrayList<>();
    for (List<Judgment> own : byJudge.values()) {
      List<Judgment> ordered =
          own.stream()
              .sorted(Comparator.comparing(one -> one.vote().at().orElse(Instant.EPOCH)))
              .toList();
      int half = ordered.size() / 2;
      Tally first = Tally.of(ordered.subList(0, half).stream().map(Judgment::ballot).toList());
      Tally second =
          Tally.of(ordered.subList(half, ordered.size()).stream().map(Judgment::ballot).toList());
      early = early.plus(first);
      late = late.plus(second);
      if (first.decisive() > 0 && second.decisive() > 0) {
        rates.add(second.rate().found().orElseThrow() - first.rate().found().orElseThrow());
      }
      if (first.total() > 0) {
        ties.add(second.tieShare().found().orElseThrow() - first.tieShare().found().orElseThrow());
      }
    }
    section
        .text(
            "Do judges change while they judge? Each judge's votes on the first comparison, the first half"
                + " against the second; p by sign flips of judges (Fisher 1935).")
        .add(
            Table.of("drift", "First and second half of each judge's votes")
                .column("what", "What", Format.TEXT)
                .column("first_half", "First half", Format.PERCENT)
                .column("second_half", "Second half", Format.PERCENT)
                .column("judges", "Judges", Format.COUNT)
                .column("p", "p", Format.P)
                .row(
                    "decisive win rate",
                    early.rate().found().orElse(null),
                    late.rate().found().orElse(null),
                    rates.size(),
                    flips(rates, analysis.rules()))
                .row(
                    "share of ties",
                    early.tieShare().found().orElse(null),
                    late.tieShare().found().orElse(null),
                    ties.size(),
                    flips(ties, analysis.rules()))
                .build());
  }

  private static void trend(Section.Builder section, Analysis analysis) {
    List<Judgment> timed =
        analysis.primary().contest().judgments(analysis.kind()).stream()
            .filter(one -> one.vote().at().isPresent())
            .toList();
    double[] times =
        timed.stream().mapToDouble(one -> one.vote().at().orElseThrow().toEpochMilli()).toArray();
    Finding<Drift> drift = Drift.of(timed.stream().map(Judgment::ballot).toList(), times);
    section.text(
        switch (drift) {
          case Finding.Unknown<Drift>(String why) -> Words.of("No trend over all votes: %s.", why);
          case Finding.Known<Drift>(Drift one) ->
              Words.of(
                  "Over all votes the rate goes from %s at the first to %s at the last; p = %s of no change. %s [%s]",
                  Format.percent(one.early()),
                  Format.percent(one.late()),
                  Format.p(one.p()),
                  Drift.ASSUMES,
                  Drift.REFERENCE);
        });
  }

  private static Double flips(List<Double> differences, Rules rules) {
    double[] all = differences.stream().mapToDouble(Double::doubleValue).toArray();
    if (all.length < 2) {
      return null;
    }
    return all.length <= SignFlip.MOST_FOR_ALL
        ? SignFlip.exact(all).p()
        : SignFlip.sampled(all, ClusteredEstimates.flips(rules), rules.seed()).p();
  }
}
