package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.ControlledRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rate that texts of equal length and repetitiveness would have. */
final class LengthSection {
  private static final String LENGTH = "length";
  private static final String REPETITION = "repetition";

  private LengthSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section = Section.of("length", "Length and repetition");
    List<Judgment> judgments = analysis.primary().comparison().judgments(analysis.kind());
    Map<String, Double> repetition = repetition(analysis);
    List<Judgment> known =
        judgments.stream()
            .filter(one ->
                one.vote().origin().leftTokens().isPresent()
                    && one.vote().origin().rightTokens().isPresent())
            .toList();
    if (known.isEmpty()) {
      return section
          .text("The votes do not say how long the texts were, so nothing can be adjusted for.")
          .build();
    }
    Table.Builder table =
        Table.of("controlled", "The decisive win rate at equal texts")
            .column("controlled_for", "Adjusted for", Format.TEXT)
            .column("votes", "Votes", Format.COUNT)
            .column("raw", "Rate", Format.PERCENT)
            .column("rate", "Adjusted", Format.PERCENT)
            .column("interval", "Interval", Format.PERCENT)
            .column("p", "p", Format.P)
            .column("why", "Remark", Format.TEXT);
    add(table, analysis, known, repetition, List.of(LENGTH));
    if (!repetition.isEmpty()) {
      add(table, analysis, known, repetition, List.of(REPETITION));
      add(table, analysis, known, repetition, List.of(LENGTH, REPETITION));
    }
    return section.text(ControlledRate.BASIS.toString()).add(table.build()).build();
  }

  /** Treatment less control, by pair: seq-rep-4. */
  private static Map<String, Double> repetition(Analysis analysis) {
    return analysis.input().key().stream()
        .flatMap(key -> key.entries().stream())
        .collect(
            Collectors.toMap(
                KeyEntry::pair,
                entry ->
                    entry.treatment().statistics().repetition()
                        - entry.control().statistics().repetition(),
                (_, last) -> last));
  }

  private static void add(
      Table.Builder table,
      Analysis analysis,
      List<Judgment> judgments,
      Map<String, Double> repetition,
      List<String> names) {
    double[][] differences = new double[judgments.size()][names.size()];
    for (int i = 0; i < differences.length; i++) {
      Judgment one = judgments.get(i);
      for (int k = 0; k < names.size(); k++) {
        differences[i][k] =
            names.get(k).equals(LENGTH)
                ? tokens(one)
                : repetition.getOrDefault(one.vote().shown().pair(), 0.0);
      }
    }
    Finding<ControlledRate> rate =
        ControlledRate.of(
            judgments.stream().map(Judgment::ballot).toList(),
            new ArrayList<>(names),
            differences,
            analysis.rules().level());
    String what = String.join(" and ", names);
    switch (rate) {
      case Finding.Unknown<ControlledRate>(String why) ->
          table.row(what, judgments.size(), null, null, null, null, why);
      case Finding.Known<ControlledRate>(ControlledRate one) ->
          table.row(what, judgments.size(), one.raw(), one.rate(), one.interval(), one.p(), "");
    }
  }

  /** Treatment less control. */
  private static double tokens(Judgment one) {
    int left = one.vote().origin().leftTokens().orElseThrow();
    int right = one.vote().origin().rightTokens().orElseThrow();
    return one.ballot().treatmentLeft() ? left - right : right - left;
  }
}
