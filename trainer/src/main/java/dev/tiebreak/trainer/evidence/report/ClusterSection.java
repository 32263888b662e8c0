package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.ShrunkRates;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Rates by prompt, by judge and by pair of models. */
final class ClusterSection {
  private static final int MOST_ROWS = 60; // in a figure
  private static final double LEVEL = 0.95;

  private ClusterSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section =
        Section.of("clusters", "By prompt, judge and pair of models")
            .text(
                "Crosses are the rates as counted. Dots are drawn towards the mean as far as votes are few,"
                    + " with intervals of 95 %: with few votes, extreme rates are mostly chance. "
                    + ShrunkRates.BASIS);
    add(section, analysis, Factor.PROMPT, analysis.judgments().prompts());
    add(section, analysis, Factor.JUDGE, analysis.judgments().judges());
    add(section, analysis, Factor.SEED_PAIR, analysis.judgments().seedPairs());
    return section.build();
  }

  private static void add(
      Section.Builder section, Analysis analysis, Factor factor, Numbering names) {
    List<Ballot> ballots =
        analysis.primary().ballots().stream()
            .filter(one -> factor != Factor.SEED_PAIR || one.seedPair() != Ballot.UNKNOWN_SEED_PAIR)
            .toList();
    Map<Integer, Tally> tallies = Tally.by(factor, ballots);
    if (tallies.isEmpty()) {
      section.say("The votes do not say which %s they are about.", factor);
      return;
    }
    if (tallies.size() < 2) {
      section.say(
          "There is only one %s, so nothing can be said about how %ss differ.", factor, factor);
      return;
    }
    switch (ShrunkRates.of(factor, ballots)) {
      case Finding.Unknown<ShrunkRates>(String why) ->
          section.say("No rates by %s: %s.", factor, why);
      case Finding.Known<ShrunkRates>(ShrunkRates rates) ->
          add(section, factor, names, tallies, rates);
    }
  }

  private static void add(
      Section.Builder section,
      Factor factor,
      Numbering names,
      Map<Integer, Tally> tallies,
      ShrunkRates rates) {
    List<ForestPlot.Row> rows = new ArrayList<>();
    rates.levels().entrySet().stream()
        .sorted(Comparator.comparingDouble(one -> -one.getValue().shrunk()))
        .forEach(one -> rows.add(row(names.name(one.getKey()), rates, one.getValue())));
    List<ForestPlot.Row> shown = extremes(rows);
    String spread =
        rates.sd() > 0
            ? Words.of("their true rates differ by an SD of %s points", Format.points(rates.sd()))
            : "their rates differ no more than by chance";
    String some =
        shown.size() < rows.size()
            ? Words.of(", the %d highest and lowest of %,d", shown.size(), rows.size())
            : "";
    Table table = table(factor, names, tallies, rates);
    section
        .say("By %s: %d with decisive votes; %s.", factor, rates.levels().size(), spread)
        .figure(
            "rates-" + table.id(),
            Words.of("Rates by %s%s.", factor, some),
            ForestPlot.ofPreferences(
                "Preference by " + factor,
                shown,
                "crosses: as counted; dots: drawn towards the mean"),
            table);
  }

  private static Table table(
      Factor factor, Numbering names, Map<Integer, Tally> tallies, ShrunkRates rates) {
    String key = factor.toString().replace(' ', '_');
    Table.Builder table =
        Table.of(key + "s", "Rates by " + factor)
            .column(key, factor.toString(), Format.TEXT)
            .column("wins", "For", Format.COUNT)
            .column("losses", "Against", Format.COUNT)
            .column("ties", "Ties", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT)
            .column("shrunk", "Drawn to the mean", Format.PERCENT)
            .column("interval", "Interval", Format.PERCENT);
    tallies.forEach((number, tally) -> {
      ShrunkRates.Level level = rates.levels().get(number);
      table.row(
          names.name(number),
          tally.wins(),
          tally.losses(),
          tally.ties(),
          level == null ? null : level.rate(),
          level == null ? null : level.shrunk(),
          level == null ? null : rates.interval(level, LEVEL));
    });
    return table.hidden();
  }

  private static ForestPlot.Row row(String name, ShrunkRates rates, ShrunkRates.Level level) {
    return new ForestPlot.Row(
        name,
        100 * level.shrunk(),
        rates.interval(level, LEVEL).times(100),
        100 * level.rate(),
        "",
        false);
  }

  private static List<ForestPlot.Row> extremes(List<ForestPlot.Row> rows) {
    if (rows.size() <= MOST_ROWS) {
      return rows;
    }
    List<ForestPlot.Row> shown = new ArrayList<>(rows.subList(0, MOST_ROWS / 2));
    shown.addAll(rows.subList(rows.size() - MOST_ROWS / 2, rows.size()));
    return shown;
  }
}
