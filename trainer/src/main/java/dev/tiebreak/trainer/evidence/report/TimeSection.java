package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.Histogram;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.Drift;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
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
  private static final List<Double> SHARES = List.of(0.05, 0.25, 0.5, 0.75, 0.95);
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
    return analysis.judgments().comparisons().stream()
        .flatMap(one -> one.presented(kind).stream())
        .toList();
  }

  private static void responses(Section.Builder section, Analysis analysis) {
    List<Histogram.Named> samples = new ArrayList<>();
    Table.Builder table = times();
    for (JudgeKind kind : JudgeKind.values()) {
      double[] seconds =
          presented(analysis, kind).stream()
              .flatMapToLong(one -> one.vote().when().responseMs().stream())
              .mapToDouble(ms -> ms / 1000.0)
              .sorted()
              .toArray();
      if (seconds.length > 0) {
        List<Object> cells = new ArrayList<>(List.of(Stratum.judges(kind), seconds.length));
        SHARES.forEach(share -> cells.add(Sample.quantile(seconds, share)));
        table.row(cells.toArray());
        double[] logs =
            Arrays.stream(seconds).map(one -> Math.log10(Math.max(0.01, one))).toArray();
        samples.add(new Histogram.Named(Stratum.judges(kind), Palette.kind(kind.ordinal()), logs));
      }
    }
    if (samples.isEmpty()) {
      section.text("The votes do not say how long judges took.");
      return;
    }
    section.figure(
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

  private static Table.Builder times() {
    return Table.of("response_times", "Seconds for a pair")
        .column("judge_kind", "Judges", Format.TEXT)
        .column("votes", "Votes with a time", Format.COUNT)
        .column("q05", "5 %", Format.NUMBER)
        .column("q25", "25 %", Format.NUMBER)
        .column("median", "Median", Format.NUMBER)
        .column("q75", "75 %", Format.NUMBER)
        .column("q95", "95 %", Format.NUMBER);
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
            .flatMap(vote -> vote.when().at().stream())
            .min(Comparator.naturalOrder())
            .orElse(null);
    if (first == null) {
      section.text("The votes do not say when they were given.");
      return;
    }
    for (JudgeKind kind : JudgeKind.values()) {
      double[] hours = hours(analysis, kind, first);
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
    section.figure(
        "votes-over-time",
        "Votes given so far. Collection should end at the number or the date that the plan fixed.",
        new LinePlot("Votes over time", "hours since the first vote", curves, List.of()).svg(),
        table.hidden());
  }

  private static double[] hours(Analysis analysis, JudgeKind kind, Instant first) {
    return presented(analysis, kind).stream()
        .flatMap(one -> one.vote().when().at().stream())
        .mapToDouble(at -> (at.toEpochMilli() - first.toEpochMilli()) / 3.6e6)
        .sorted()
        .toArray();
  }

  /** First against second half of each judge's votes. */
  private static void drift(Section.Builder section, Analysis analysis) {
    Stratum primary = analysis.primary();
    Map<String, List<Judgment>> byJudge =
        primary.comparison().judgments(primary.kind()).stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.vote().judge().id(), TreeMap::new, Collectors.toList()));
    Halves halves = new Halves();
    byJudge.values().forEach(halves::add);
    section
        .text(
            "Do judges change while they judge? Each judge's votes on the first comparison, the first half"
                + " against the second; p by sign flips of judges (Fisher 1935).")
        .add(halves.table(analysis.rules()));
  }

  /** First halves of judges' votes against second halves. */
  private static final class Halves {
    private Tally early = Tally.NONE;
    private Tally late = Tally.NONE;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> ties = new ArrayList<>();

    /** Adds a judge, if it is known in which order the votes came. */
    void add(List<Judgment> own) {
      if (own.stream().anyMatch(one -> one.vote().when().at().isEmpty())) {
        return;
      }
      List<Ballot> ordered =
          own.stream()
              .sorted(Comparator.comparing(one -> one.vote().when().at().orElseThrow()))
              .map(Judgment::ballot)
              .toList();
      Tally first = Tally.of(ordered.subList(0, ordered.size() / 2));
      Tally second = Tally.of(ordered).minus(first);
      early = early.plus(first);
      late = late.plus(second);
      if (first.decisive() > 0 && second.decisive() > 0) {
        rates.add(second.rate().orNull() - first.rate().orNull());
      }
      if (first.total() > 0) {
        ties.add(second.tieShare().orNull() - first.tieShare().orNull());
      }
    }

    Table table(Rules rules) {
      return Table.of("drift", "First and second half of each judge's votes")
          .column("what", "What", Format.TEXT)
          .column("first_half", "First half", Format.PERCENT)
          .column("second_half", "Second half", Format.PERCENT)
          .column("judges", "Judges", Format.COUNT)
          .column("p", "p", Format.P)
          .row(
              "decisive win rate",
              early.rate().orNull(),
              late.rate().orNull(),
              rates.size(),
              flips(rates, rules))
          .row(
              "share of ties",
              early.tieShare().orNull(),
              late.tieShare().orNull(),
              ties.size(),
              flips(ties, rules))
          .build();
    }
  }

  private static void trend(Section.Builder section, Analysis analysis) {
    List<Judgment> timed =
        analysis.primary().comparison().judgments(analysis.kind()).stream()
            .filter(one -> one.vote().when().at().isPresent())
            .toList();
    double[] times =
        timed.stream()
            .mapToDouble(one -> one.vote().when().at().orElseThrow().toEpochMilli())
            .toArray();
    Finding<Drift> drift = Drift.of(timed.stream().map(Judgment::ballot).toList(), times);
    section.text(
        switch (drift) {
          case Finding.Unknown<Drift>(String why) -> Words.of("No trend over all votes: %s.", why);
          case Finding.Known<Drift>(Drift one) ->
              Words.of(
                  "Over all votes the rate goes from %s at the first to %s at the last; p = %s of"
                      + " no change. %s",
                  Format.percent(one.early()),
                  Format.percent(one.late()),
                  Format.p(one.p()),
                  Drift.BASIS);
        });
  }

  private static Double flips(List<Double> differences, Rules rules) {
    double[] all = differences.stream().mapToDouble(Double::doubleValue).toArray();
    if (all.length < 2) {
      return null;
    }
    return all.length <= SignFlip.MOST_FOR_ALL
        ? SignFlip.exact(all).p()
        : SignFlip.sampled(all, rules.flips(), rules.seed()).p();
  }
}
