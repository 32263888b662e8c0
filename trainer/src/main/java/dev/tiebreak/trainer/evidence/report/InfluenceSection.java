package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.report.Filters.Filter;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.JudgeHabits.Limits;
import dev.tiebreak.trainer.evidence.statistics.votes.LeaveOneOut;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
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
      Table.Builder ranges, Table.Builder all, Analysis analysis, Factor factor, Numbering names) {
    LeaveOneOut.of(factor, analysis.primary().ballots())
        .found()
        .ifPresent(one -> {
          one.without()
              .forEach((level, rate) -> all.row(factor.toString(), names.name(level), rate));
          ranges.row(
              "one " + factor,
              one.low(),
              names.name(one.lowest()),
              one.high(),
              names.name(one.highest()));
        });
  }

  private static void filters(Section.Builder section, Analysis analysis) {
    Filters filters =
        new Filters(
            analysis.everybody(), kind -> kind == analysis.kind(), analysis.input().words());
    List<Filter> all = new ArrayList<>();
    all.add(new Filter("nobody", Set.of()));
    all.addAll(filters.of(Filters.limits(analysis.rules().judging())));
    all.addAll(filters.of(Limits.ORIGINAL_STYLE));
    all.addAll(roles(analysis));
    section
        .text(
            "The rules look at times, sides, ties and catch items only, never at arms, and at all that a"
                + " judge did: every comparison, pairs shown twice, catch items. "
                + (analysis.rules().planned()
                    ? "The plan's rules were fixed before, and everything else in this report is without"
                        + " the judges whom they leave out; this table begins with everybody."
                    : "No plan fixed any before, so everything else in this report is of all judges.")
                + " Authors and operators of a study are left out, with a plan or without."
                + " Intervals and p's have judges and prompts as clusters. The original left out"
                + " speed-clickers and judges with many ties, by limits that were not published; ours are"
                + " a stricter reading.")
        .add(rates(analysis, all), conduct(filters));
    leftOut(section, analysis);
    if (analysis.input().words().isEmpty()) {
      section.text(
          "How many words each pair showed is not known here, so the rule about time by word was not"
              + " applied.");
    }
  }

  /** Judges with each role that some have, but for readers. */
  private static List<Filter> roles(Analysis analysis) {
    Map<JudgeRole, Set<String>> judges = new EnumMap<>(JudgeRole.class);
    for (Vote vote : analysis.input().votes()) {
      judges.computeIfAbsent(vote.judge().role(), _ -> new HashSet<>()).add(vote.judge().id());
    }
    judges.remove(JudgeRole.READER);
    List<Filter> filters = new ArrayList<>();
    judges.forEach((role, ids) -> filters.add(new Filter("role: " + role, ids)));
    return filters;
  }

  private static void leftOut(Section.Builder section, Analysis analysis) {
    Table.Builder table =
        Table.of("left_out", "Judges who are left out")
            .column("judge", "Judge", Format.TEXT)
            .column("rules", "By", Format.TEXT);
    analysis.leftOut().forEach((judge, rules) -> table.row(judge, rules));
    if (!analysis.leftOut().isEmpty()) {
      section.add(table.build());
    }
  }

  private static Table rates(Analysis analysis, List<Filter> filters) {
    Stratum primary = analysis.primary();
    Table.Builder table =
        Table.of("filters", "The rate without judges whom a rule leaves out")
            .column("rule", "Left out", Format.TEXT)
            .column("judges", "Judges out", Format.COUNT)
            .column("decisive", "Decisive left", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT)
            .column("interval", "Interval", Format.PERCENT)
            .column("p", "p", Format.P);
    for (Filter filter : filters) {
      List<Ballot> left =
          analysis
              .everybodysPrimary()
              .ballots(one ->
                  one.kind() == primary.kind()
                      && !filter.judges().contains(one.vote().judge().id()));
      Finding<ClusterRobust> robust = Clustered.robust(left, analysis.rules().level());
      Tally tally = Tally.of(left);
      table.row(
          filter.name(),
          filter.judges().size(),
          tally.decisive(),
          tally.rate().orNull(),
          robust.map(ClusterRobust::interval).orNull(),
          robust.map(ClusterRobust::p).orNull());
    }
    return table.build();
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
        .forEach((judge, one) ->
            table.row(
                judge,
                one.votes(),
                one.medianMs().isPresent() ? one.medianMs().getAsDouble() : null,
                one.medianMsPerWord().isPresent() ? one.medianMsPerWord().getAsDouble() : null,
                one.sideShare(),
                one.tieShare(),
                one.catchItems(),
                one.catchFailed()));
    return table.hidden();
  }
}
