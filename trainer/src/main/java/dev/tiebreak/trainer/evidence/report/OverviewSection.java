package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.Optional;

/** What was read: who judged how much of what. */
final class OverviewSection {
  private OverviewSection() {}

  static Section of(Analysis analysis) {
    Table.Builder table =
        Table.of("counts", "Judgments by comparison and kind of judges")
            .column("comparison", "Comparison", Format.TEXT)
            .column("judge_kind", "Judges", Format.TEXT)
            .column("judges", "n", Format.COUNT)
            .column("prompts", "Prompts", Format.COUNT)
            .column("pairs", "Pairs", Format.COUNT)
            .column("seed_pairs", "Seed pairs", Format.COUNT)
            .column("wins", "For", Format.COUNT)
            .column("losses", "Against", Format.COUNT)
            .column("ties", "Ties", Format.COUNT)
            .column("unusable", "of these unusable", Format.COUNT)
            .column("ruled", "Ties by rule", Format.COUNT);
    for (Stratum one : analysis.strata()) {
      Tally tally = one.tally();
      long unusable =
          one.comparison().judgments(one.kind()).stream()
              .filter(judgment -> judgment.vote().choice() == Choice.UNUSABLE)
              .count();
      table.row(
          one.comparison().words(),
          Stratum.judges(one.kind()),
          Factor.JUDGE.count(one.ballots()),
          Factor.PROMPT.count(one.ballots()),
          Factor.COMPLETION.count(one.ballots()),
          Factor.SEED_PAIR.count(one.ballots()),
          tally.wins(),
          tally.losses(),
          tally.ties(),
          unusable,
          one.comparison().ruled());
    }
    Section.Builder section = Section.of("votes", "What was judged").add(table.build());
    notes(section, analysis);
    return section.build();
  }

  /** What is done about pairs that a judge saw more than once, if there are any. */
  static Optional<String> repeats(Judgments judgments) {
    long repeats = judgments.comparisons().stream().mapToLong(one -> one.repeats().size()).sum();
    return repeats == 0
        ? Optional.empty()
        : Optional.of(
            Words.of(
                "%,d judgments are of pairs that the judge had seen before. Of a person's, the first by time"
                    + " counts; of a model's two orders, what survives the swap, else it is a tie.",
                repeats));
  }

  private static void notes(Section.Builder section, Analysis analysis) {
    Judgments judgments = analysis.judgments();
    section.say(
        "%,d votes were read. People, models and scripted judges are never counted together.",
        judgments.votes());
    if (judgments.exact() > 0) {
      section.say(
          "%,d rows repeat another row in everything; they are left out.", judgments.exact());
    }
    if (!judgments.catches().isEmpty()) {
      section.say(
          "%,d votes are about catch items, which check attention and are not analysed.",
          judgments.catches().size());
    }
    repeats(judgments).ifPresent(section::text);
    if (judgments.undecided() > 0) {
      section.say(
          "%,d pairs were judged in two ways by one judge, and the votes do not say which came first:"
              + " they count as ties.",
          judgments.undecided());
    }
    long seedless =
        analysis.input().votes().stream().filter(vote -> vote.origin().seed().isEmpty()).count();
    if (seedless > 0 && analysis.input().key().isEmpty()) {
      section.say(
          "%,d votes do not say of which seed the models are. Where some votes of a comparison do not,"
              + " seeds are left out of it: it speaks of these checkpoints only.",
          seedless);
    }
    if (analysis.primary().ballots().stream().allMatch(ballot -> ballot.outcome() == 0)) {
      section.text(
          "All judgments of the first comparison are ties: they show no preference at all.");
    }
  }
}
