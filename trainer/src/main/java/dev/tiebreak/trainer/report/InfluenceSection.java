package dev.tiebreak.trainer.report;

import dev.tiebreak.trainer.report.Filters.Filter;
import dev.tiebreak.trainer.statistics.Ballot;
import dev.tiebreak.trainer.statistics.ClusterRobust;
import dev.tiebreak.trainer.statistics.Factor;
import dev.tiebreak.trainer.statistics.Finding;
import dev.tiebreak.trainer.statistics.Interval;
import dev.tiebreak.trainer.statistics.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether single judges, single prompts or doubtful judges carry the result. */
final class InfluenceSection {
  private InfluenceSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section = Section.of("influence", "Who carries the result");
    leaveOneOut(section, analysis);
    filters(section, analysis);
    return section.build();
  }

  private static void leaveOneOut(Section.Builder section, Analysis analysis) {
    Table.Builder ranges =
        Table.of("leave_one_out", "The rate without one at a time")
            .column("left_out", "Left out", Format.TEXT)
            .column("lowest", "Lowest", Format.PERCENT)
            .column("lowest_without", "without", Format.TEXT)
            .column("highest", "Highest", Format.PERCENT)
            .column("highest_without", "without", Format.TEXT);
    Table.Builder all =
        Table.of("leave_one_out_all", "The rate without each one")
            .column("left_out", "Left out", Format.TEXT)
            .column("name", "Name", Format.TEXT)
            .column("rate", "Rate", Format.PERCENT);
    add(ranges, all, analysis, Factor.JUDGE, analysis.judgments().judges());
    add(ranges, all, analysis, Factor.PROMPT, analysis.judgments().prompts());
    section.add(ranges.build(), all.hidden());
  }

  private static void add(
      Table.Builder ranges, Table.Builder all, Analysis analysis, Factor factor, Names names) {
    Tally total = analysis.primary().tally();
    double lowest = Double.NaN;
    double highest = Double.NaN;
    String low = "";
    String high = "";
    for (Map.Entry<Integer, Tally> one :
        Tally.by(factor, analysis.primary().ballots()).entrySet()) {
      double rate = total.minus(one.getValue()).rate().found().orElse(Double.NaN);
      String name = names.name(one.getKey());
      all.row(factor.toString(), name, rate);
      if (!(rate >= lowest)) {
        low = Double.isNaN(rate) ? low : name;
        lowest = Double.isNaN(rate) ? lowest : rate;
      }
      if (!(rate <= highest)) {
        high = Double.isNaN(rate) ? high : name;
        highest = Double.isNaN(rate) ? highest : rate;
      }
    }
    ranges.row("one " + factor, lowest, low, highest, high);
  }

  private static void filters(Section.Builder section, Analysis analysis) {
    Stratum primary = analysis.primary();
    Filters filters =
        new Filters(
            primary.contest().presented().stream()
                .filter(one -> one.kind() == primary.kind())
                .toList(),
            analysis.judgments().catches(),
            analysis.input().words());
    List<Filter> planned = filters.planned(analysis.rules().judging());
    List<Filter> all = new ArrayList<>();
    all.add(new Filter("nobody", Set.of()));
    all.addAll(planned);
    all.add(Filters.together("all of the plan's rules together", planned));
    all.addAll(filters.original());
    Table.Builder table =
        Table.of("filters", "The rate without judges whom a rule leaves out")
            .column("rule", "Left out", Format.TEXT)
            .column("judges", "Judges out", Format.COUNT)
            .column("decisive", "Decisive left", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT)
            .column("low", "Low", Format.PERCENT)
            .column("high", "High", Format.PERCENT)
            .column("p", "p", Format.P);
    for (Filter filter : all) {
      List<Ballot> left =
          primary
              .contest()
              .ballots(
                  one ->
                      one.kind() == primary.kind()
                          && !filter.judges().contains(one.vote().judge()));
      Finding<ClusterRobust> robust =
          ClusterRobust.of(
              left,
              List.of(Factor.JUDGE, Factor.PROMPT),
              analysis.rules().level(),
              ClusterRobust.Degrees.SATTERTHWAITE);
      Interval interval = robust.found().map(ClusterRobust::interval).orElse(Estimate.nothing());
      Tally tally = Tally.of(left);
      table.row(
          filter.name(),
          filter.judges().size(),
          tally.decisive(),
          tally.rate().found().orElse(null),
          interval.low(),
          interval.high(),
          robust.found().map(ClusterRobust::p).orElse(null));
    }
    section
        .text(
            "The rules look at times, sides, ties and catch items only, never at arms. The estimates above"
                + " are of all judges. Intervals and p's have judges and prompts as clusters.")
        .add(table.build(), conduct(filters));
    if (analysis.input().words().isEmpty()) {
      section.text(
          "How many words each pair showed is not known here, so the rule about time by word was not"
              + " applied.");
    }
  }

  private static Table conduct(Filters filters) {
    Table.Builder table =
        Table.of("judge_conduct", "How judges judged")
            .column("judge", "Judge", Format.TEXT)
            .column("votes", "Votes", Format.COUNT)
            .column("median_ms", "Median ms", Format.COUNT)
            .column("median_ms_per_word", "ms per word", Format.NUMBER)
            .column("one_side", "One side", Format.PERCENT)
            .column("ties", "Ties", Format.PERCENT)
            .column("catch_items", "Catch items", Format.COUNT)
            .column("catch_failed", "failed", Format.COUNT);
    filters
        .judges()
        .forEach(
            (judge, one) ->
                table.row(
                    judge,
                    one.votes(),
                    one.medianMs().isPresent() ? one.medianMs().getAsDouble() : null,
                    one.medianMsPerWord().isPresent() ? one.medianMsPerWord().getAsDouble() : null,
                    one.oneSide(),
                    one.ties(),
                    one.catches(),
                    one.failed()));
    return table.hidden();
  }
}
