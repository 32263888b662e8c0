package dev.tiebreak.trainer.evidence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.ballot.Side;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.report.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What votes come to by the rule, and whose votes count. */
class VerdictRuleTest {
  private static Report report(List<Vote> votes) {
    return VoteReport.of(SyntheticVotes.input(votes), Rules.usual(), _ -> {});
  }

  private static Table table(Report report, String id) {
    return report.document().table(id);
  }

  @Test
  void aStudyWithAClearPreferenceIsReplicated() {
    Report report = report(SyntheticVotes.study(1));
    assertThat(report.verdict().outcome()).isEqualTo(Outcome.REPLICATED);
    assertThat(report.verdict().scope()).contains("training runs like these");
    assertThat(report.verdict().reasons())
        .anyMatch(reason -> reason.contains("mechanism stays open"));
  }

  @Test
  void theMechanismIsShownIfThePreferenceHoldsAtMatchedTemperature() {
    List<Vote> votes = new ArrayList<>(SyntheticVotes.study(1));
    for (Vote vote : SyntheticVotes.study(4)) {
      if (vote.origin().comparison().equals("both")) {
        votes.add(
            vote.on(vote.shown().prompt(), "h4-" + vote.shown().pair())
                .swappedOf("")
                .origin(vote.origin().in("h4", vote.origin().treatment())));
      }
    }
    Rules rules = planned("both", List.of("h4"), false);
    Verdict conclusion = VoteReport.of(SyntheticVotes.input(votes), rules, _ -> {}).verdict();
    assertThat(conclusion.outcome()).isEqualTo(Outcome.MECHANISM_SHOWN);
    assertThat(conclusion.reasons())
        .anyMatch(
            reason -> reason.startsWith("h4: both against baseline at matched temperature: holds"));
    Rules missing = planned("h1", List.of(), false);
    Verdict none = VoteReport.of(SyntheticVotes.input(votes), missing, _ -> {}).verdict();
    assertThat(none.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(none.reasons()).anyMatch(reason -> reason.contains("asks about first, h1"));
  }

  private static Rules planned(String gate, List<String> holm, boolean equalArms) {
    return new Rules(
        true, 0.05, 0.55, 500, 1, gate, holm, equalArms, Set.of("h4"), Rules.usual().judging());
  }

  private static Verdict verdict(List<Vote> votes, Rules rules) {
    return VoteReport.of(SyntheticVotes.input(votes), rules, _ -> {}).verdict();
  }

  @Test
  void withoutEqualArmsSeedsCarryTheClaimUnlessThePlanAskedForBoth() {
    List<Vote> votes =
        SyntheticVotes.study(1).stream()
            .filter(vote -> !vote.shown().left().equals(vote.shown().right()))
            .toList();
    Verdict conclusion = report(votes).verdict();
    assertThat(conclusion.outcome()).isEqualTo(Outcome.REPLICATED);
    assertThat(conclusion.reasons()).anyMatch(reason -> reason.contains("No comparison of equal"));
    Verdict asked = verdict(votes, planned("both", List.of(), true));
    assertThat(asked.outcome()).isEqualTo(Outcome.PREFERRED);
    assertThat(asked.reasons()).anyMatch(reason -> reason.contains("nobody judged them"));
  }

  @Test
  void fewSeedsSpeakOfTheseCheckpointsOnly() {
    List<Vote> five =
        new SyntheticVotes(3)
            .add(JudgeKind.HUMAN, "both", "baseline", 24, 32, 5, 0.68, 0.05, 0.3)
            .votes();
    Verdict few = report(five).verdict();
    assertThat(few.outcome()).isEqualTo(Outcome.PREFERRED);
    assertThat(few.scope()).contains("these checkpoints only", "6 pairs of models");
    List<Vote> gaps = new ArrayList<>(five);
    for (int i = 0; i < gaps.size(); i += 19) { // a seed that is missing is no sixth seed
      Vote.Origin origin = gaps.get(i).origin();
      gaps.set(
          i, gaps.get(i).origin(Vote.Origin.UNKNOWN.in(origin.comparison(), origin.treatment())));
    }
    Report report = report(gaps);
    assertThat(report.verdict().outcome()).isEqualTo(Outcome.PREFERRED);
    assertThat(report.verdict().scope()).contains("these checkpoints only");
    assertThat(table(report, "seed_pairs").rows()).hasSize(5);
    assertThat(report.verdict().reasons()).noneMatch(reason -> reason.contains("seed pair"));
  }

  /** 48 who read and see no difference; 24 who click without reading, for the treatment. */
  private static List<Vote> boughtVotes(boolean bots) {
    Random random = new Random(11);
    List<Vote> votes = new ArrayList<>();
    for (int j = 0; j < (bots ? 72 : 48); j++) {
      boolean bot = j >= 48;
      String judge = (bot ? "bot" : "honest") + j;
      for (int p = 0; p < 32; p++) {
        boolean left = random.nextBoolean();
        boolean wins = random.nextDouble() < (bot ? 0.86 : 0.47);
        votes.add(
            Vote.by(judge, JudgeKind.HUMAN, wins == left ? Choice.LEFT : Choice.RIGHT)
                .on("p" + p, "p" + p + "-" + (j + p) % 6)
                .sides(left ? "both" : "baseline", left ? "baseline" : "both")
                .responseMs(bot ? 900 : 12_000)
                .origin(
                    Vote.Origin.UNKNOWN
                        .seed(1 + (j + p) % 6)
                        .in("h1", Optional.of(left ? Side.LEFT : Side.RIGHT))));
      }
      for (int c = 0; c < 2; c++) {
        votes.add(
            Vote.by(judge, JudgeKind.HUMAN, bot ? Choice.LEFT : Choice.RIGHT)
                .on("catch", "catch-" + c)
                .sides("nonsense", "baseline")
                .catchItem(true));
      }
    }
    return votes;
  }

  @Test
  void judgesWhomThePlanLeavesOutDecideNothing() {
    Rules rules = planned("h1", List.of(), false);
    Report bought = VoteReport.of(SyntheticVotes.input(boughtVotes(true)), rules, _ -> {});
    Report honest = VoteReport.of(SyntheticVotes.input(boughtVotes(false)), rules, _ -> {});
    assertThat(bought.verdict().outcome())
        .isEqualTo(honest.verdict().outcome())
        .isIn(Outcome.NOT_REPLICATED, Outcome.INCONCLUSIVE);
    assertThat(bought.verdict().reasons())
        .first()
        .asString()
        .startsWith("24 judges are left out: bot48, bot49")
        .contains("bot71");
    assertThat(bought.verdict().reasons()).containsAll(honest.verdict().reasons());
    for (String id : List.of("estimates", "comparisons", "counts")) {
      assertThat(table(bought, id).rows()).isEqualTo(table(honest, id).rows());
    }
    assertThat(table(bought, "left_out").rows())
        .hasSize(24)
        .allMatch(row -> row.cells().get(1).toString().contains("every catch item wrong"));
    List<Object> everybody = table(bought, "filters").rows().getFirst().cells();
    assertThat((double) everybody.get(3)).isGreaterThan(0.55);
  }

  @Test
  void rulesAboutHabitsNeedVotesToLookAt() {
    List<Vote> votes = new ArrayList<>(boughtVotes(false));
    for (int i = 0; i < 4; i++) { // always left, but four times only
      votes.add(votes.get(34 * i).choice(Choice.LEFT).responseMs(12_000));
    }
    for (int i = 0; i < 4; i++) {
      Vote vote = votes.removeLast();
      votes.add(
          Vote.by("brief", JudgeKind.HUMAN, Choice.LEFT)
              .on(vote.shown().prompt() + i, vote.shown().pair() + i)
              .sides(vote.shown().left(), vote.shown().right())
              .origin(vote.origin()));
    }
    Rules rules = planned("h1", List.of(), false);
    Report report = VoteReport.of(SyntheticVotes.input(votes), rules, _ -> {});
    assertThat(report.verdict().reasons()).noneMatch(reason -> reason.contains("left out"));
  }

  @Test
  void whoMadeTheStudyDoesNotDecideIt() {
    List<Vote> honest = boughtVotes(false);
    List<Vote> votes = new ArrayList<>(honest);
    for (Vote vote : boughtVotes(true)) {
      if (vote.judge().id().equals("bot48") || vote.judge().id().equals("bot49")) {
        boolean author = vote.judge().id().equals("bot48");
        votes.add(vote.role(author ? JudgeRole.AUTHOR : JudgeRole.PAID));
      }
    }
    Report report = report(votes);
    assertThat(report.verdict().reasons())
        .first()
        .asString()
        .isEqualTo("1 judge is left out: bot48.");
    assertThat(table(report, "left_out").rows().getFirst().cells())
        .containsExactly("bot48", "is the study's author");
    assertThat(table(report, "filters").rows())
        .anyMatch(
            row -> row.cells().getFirst().equals("role: paid") && row.cells().get(1).equals(1));
  }

  @Test
  void rulesThatLeaveNobodyClaimNothing() {
    List<Vote> bots =
        boughtVotes(true).stream().filter(vote -> vote.judge().id().startsWith("bot")).toList();
    Verdict none = verdict(bots, planned("h1", List.of(), false));
    assertThat(none.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(none.reasons()).first().asString().contains("leave out every judge");
  }

  @Test
  void aSmallPreferenceByManyIsNotReplicated() {
    List<Vote> votes =
        new SyntheticVotes(2)
            .add(JudgeKind.HUMAN, "both", "baseline", 80, 60, 6, 0.48, 0, 0.2)
            .add(JudgeKind.HUMAN, "baseline", "baseline", 6, 12, 6, 0.5, 0, 0.2)
            .votes();
    assertThat(report(votes).verdict().outcome()).isEqualTo(Outcome.NOT_REPLICATED);
  }
}
