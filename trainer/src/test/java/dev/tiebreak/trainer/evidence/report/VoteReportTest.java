package dev.tiebreak.trainer.evidence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.ballot.Side;
import dev.tiebreak.trainer.ballot.SmallKey;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.document.Html;
import dev.tiebreak.trainer.evidence.document.Plain;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.report.Verdict.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report says about votes of every kind, those too that do not allow much. */
class VoteReportTest {
  @TempDir Path folder;

  private static Report report(List<Vote> votes) {
    return VoteReport.of(SyntheticVotes.input(votes), Rules.usual(), _ -> {});
  }

  private static Vote vote(int judge, int prompt, boolean left, Choice choice) {
    return Vote.by("judge-" + judge, JudgeKind.HUMAN, choice)
        .on("prompt-" + prompt, "pair-" + prompt)
        .sides(left ? "shaped" : "baseline", left ? "baseline" : "shaped");
  }

  /** Judges x prompts, all saying the same about the treatment. */
  private static List<Vote> table(int judges, int prompts, Choice ofTreatmentLeft) {
    List<Vote> votes = new ArrayList<>();
    for (int j = 0; j < judges; j++) {
      for (int p = 0; p < prompts; p++) {
        boolean left = (j + p) % 2 == 0;
        votes.add(vote(j, p, left, left ? ofTreatmentLeft : ofTreatmentLeft.swapped()));
      }
    }
    return votes;
  }

  private static List<Vote> some(JudgeKind kind, int judges, int prompts) {
    return new SyntheticVotes(5)
        .add(kind, "shaped", "baseline", judges, prompts, 1, 0.6, 0.1, 0.3)
        .votes();
  }

  private static List<Vote> awkward(String which) {
    return switch (which) {
      case "one vote" -> List.of(vote(0, 0, true, Choice.LEFT));
      case "one judge" -> some(JudgeKind.HUMAN, 1, 20);
      case "one prompt" -> some(JudgeKind.HUMAN, 20, 1);
      case "all ties" -> table(4, 6, Choice.SAME);
      case "all unusable" -> table(4, 6, Choice.UNUSABLE);
      case "perfect separation" -> table(4, 6, Choice.LEFT);
      case "all against" -> table(4, 6, Choice.RIGHT);
      case "duplicates" ->
          Stream.concat(some(JudgeKind.HUMAN, 3, 8).stream(), some(JudgeKind.HUMAN, 3, 8).stream())
              .toList();
      case "always left" -> {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          votes.add(vote(i % 5, i / 5, i % 2 == 0, Choice.LEFT));
        }
        yield votes;
      }
      case "no ties" ->
          new SyntheticVotes(5)
              .add(JudgeKind.HUMAN, "shaped", "baseline", 6, 12, 2, 0.6, 0.1, 0)
              .votes();
      case "equal arms only" ->
          new SyntheticVotes(5)
              .add(JudgeKind.HUMAN, "baseline", "baseline", 6, 12, 2, 0.5, 0, 0.3)
              .votes();
      case "scripted" -> some(JudgeKind.SCRIPTED, 4, 8);
      case "models" -> some(JudgeKind.MODEL, 4, 8);
      default -> throw new IllegalArgumentException(which);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one vote",
        "one judge",
        "one prompt",
        "all ties",
        "all unusable",
        "perfect separation",
        "all against",
        "duplicates",
        "always left",
        "no ties",
        "equal arms only",
        "scripted",
        "models"
      })
  void whateverTheVotesAreThereIsAReportWithoutNonsense(String which) throws IOException {
    Report report = report(awkward(which));
    report.write(folder);
    assertThat(files().values())
        .allSatisfy(
            text -> assertThat(text).doesNotContain("NaN", "Infinity", "Optional", "Known[", "∞"));
    String glance = Plain.of(report.glance());
    assertThat(glance).doesNotContain("NaN", "Infinity", "null");
    assertThat(glance.lines()).allMatch(line -> line.length() <= 100);
    assertThat(report.verdict().reasons()).isNotEmpty();
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void limitedTablesSayWhatTheyDoNotAllow() throws IOException {
    report(awkward("one judge")).write(folder);
    assertThat(files().get("report.html")).contains("only one judge");
    report(awkward("one prompt")).write(folder);
    assertThat(files().get("report.html")).contains("only one prompt");
    report(awkward("all ties")).write(folder);
    assertThat(files().get("report.html")).contains("all votes are ties");
    report(awkward("perfect separation")).write(folder);
    assertThat(files().get("report.html")).contains("went the same way");
    report(awkward("duplicates")).write(folder);
    assertThat(files().get("report.html")).contains("24 rows repeat another row");
  }

  private static void refused(List<Vote> votes, Optional<String> treatment, String... parts) {
    ReportInput whole = SyntheticVotes.input(votes);
    ReportInput input =
        new ReportInput(
            whole.title(), whole.source(), votes, Optional.empty(), treatment, Map.of(), List.of());
    assertThatThrownBy(() -> VoteReport.of(input, Rules.usual(), _ -> {}))
        .isInstanceOf(UserError.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
  }

  @Test
  void votesThatCannotBeUnderstoodAreRefused() {
    refused(List.of(), Optional.empty(), "there are no votes");
    Vote one = vote(0, 0, true, Choice.LEFT);
    refused(List.of(one.catchItem(true)), Optional.empty(), "catch items");
    refused(List.of(one), Optional.of("gain"), "'gain'", "there are: baseline, shaped");
    refused(List.of(one.sides("a", "b")), Optional.empty(), "say which is the treatment");
    List<Vote> ids = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ids.add(one.sides("id" + i, "id" + (i + 100)));
    }
    refused(ids, Optional.empty(), "60 things", "give the key");
    refused(
        List.of(
            one.origin(Vote.Origin.UNKNOWN.in("h1", Optional.empty())),
            one.sides("gain", "baseline").origin(Vote.Origin.UNKNOWN.in("h1", Optional.empty()))),
        Optional.empty(),
        "'h1'",
        "3 things");
  }

  private static ReportInput sealed(Vote vote) {
    return new ReportInput(
        "sealed",
        "",
        List.of(vote),
        Optional.of(SmallKey.of(SmallKey.entry("1", "both", "baseline"), SmallKey.ruled("2"))),
        Optional.empty(),
        Map.of(),
        List.of());
  }

  @Test
  void theKeySaysWhoIsWhoAndAWrongOneIsRefused() {
    Vote blind = Vote.by("ann", JudgeKind.HUMAN, Choice.RIGHT).on("p", "1").sides("c1", "t1");
    Report report = VoteReport.of(sealed(blind), Rules.usual(), _ -> {});
    assertThat(table(report, "counts").rows().getFirst().cells())
        .containsExactly("h1: both against baseline", "people", 1, 1, 1, 1, 1L, 0L, 0L, 0L, 1);
    assertThatThrownBy(() -> VoteReport.of(sealed(blind.sides("x", "t1")), Rules.usual(), _ -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("key");
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

  @Test
  void scriptedJudgesMakeNoClaimAndModelsAloneNone() {
    assertThat(report(awkward("scripted")).verdict().outcome()).isEqualTo(Outcome.NO_CLAIM);
    Verdict models = report(awkward("models")).verdict();
    assertThat(models.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(models.reasons()).anyMatch(reason -> reason.contains("No person judged"));
  }

  @Test
  void kindsOfJudgesAreNeverPooled() {
    Report report = report(SyntheticVotes.study(1));
    Table counts = table(report, "counts");
    assertThat(counts.rows()).hasSize(5);
    assertThat(counts.rows().get(0).cells().subList(0, 4))
        .containsExactly("both: both against baseline", "people", 24, 32);
    assertThat(counts.rows().get(1).cells().subList(0, 4))
        .containsExactly("both: both against baseline", "models", 6, 32);
  }

  private static Table table(Report report, String id) {
    return report.document().table(id);
  }

  @Test
  void aModelsVerdictThatDoesNotSurviveTheSwapIsATie() {
    Vote left = Vote.by("m", JudgeKind.MODEL, Choice.LEFT).on("p", "q").sides("shaped", "baseline");
    Vote swapped = left.sides("baseline", "shaped").swappedOf("q");
    Vote firm = swapped.choice(Choice.RIGHT);
    assertThat(counted(List.of(left, swapped))).containsExactly(0L, 0L, 1L);
    assertThat(counted(List.of(left, firm))).containsExactly(1L, 0L, 0L);
  }

  private static List<Object> counted(List<Vote> votes) {
    return table(report(votes), "counts").rows().getFirst().cells().subList(6, 9);
  }

  @Test
  void aPersonsFirstJudgmentOfAPairCounts() {
    Vote first = vote(0, 0, true, Choice.LEFT);
    Vote again = first.sides("baseline", "shaped").swappedOf("pair-0");
    assertThat(counted(List.of(again, first))).containsExactly(1L, 0L, 0L);
    assertThat(table(report(List.of(again, first)), "consistency").rows().getFirst().cells())
        .startsWith("people", "with sides swapped", 1L, 0.0);
  }

  @Test
  void namesCannotBecomeMarkupAndEqualVotesGiveEqualBytes() throws IOException {
    List<Vote> votes = new ArrayList<>(some(JudgeKind.HUMAN, 3, 6));
    votes.add(
        Vote.by("<script>alert(1)</script>", JudgeKind.HUMAN, Choice.LEFT)
            .on("\"p\",&", "x")
            .sides("shaped", "baseline")
            .origin(Vote.Origin.UNKNOWN.in("shaped", Optional.empty())));
    report(votes).write(folder);
    Map<String, String> first = files();
    assertThat(first.get("report.html"))
        .doesNotContain("<script", "http://fonts", "src=")
        .contains("&lt;script&gt;");
    assertThat(first.get("prompts.csv")).contains("\"\"\"p\"\",&\"");
    report(votes).write(folder);
    assertThat(files()).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"one judge", "all ties", "duplicates", "always left", "a study", "without times"})
  void nothingDependsOnTheOrderOfRows(String which) {
    List<Vote> votes =
        switch (which) {
          case "a study" -> SyntheticVotes.study(3).subList(0, 900);
          case "without times" -> contradicting();
          default -> awkward(which);
        };
    List<Vote> other = new ArrayList<>(votes);
    Collections.shuffle(other, new Random(9));
    assertThat(Html.of(report(other).document())).isEqualTo(Html.of(report(votes).document()));
  }

  /** Judges who judge each pair twice, and otherwise. */
  private static List<Vote> contradicting() {
    List<Vote> votes = new ArrayList<>(table(3, 8, Choice.LEFT));
    votes.addAll(table(3, 8, Choice.RIGHT));
    return votes;
  }

  @Test
  void theFirstOfTwoJudgmentsIsTheEarlierNotTheUpper() {
    List<Vote> votes = new ArrayList<>();
    Instant noon = Instant.parse("2026-03-01T12:00:00Z");
    for (Vote vote : table(3, 8, Choice.LEFT)) {
      votes.add(vote.choice(vote.choice().swapped()).at(noon.plusSeconds(60)));
      votes.add(vote.at(noon));
    }
    assertThat(report(votes).glance().toString()).contains("24 for, 0 against, 0 ties");
    assertThat(report(contradicting()).glance().toString())
        .as("nobody knows which came first")
        .contains("0 for, 0 against, 24 ties");
    assertThat(Html.of(report(contradicting()).document()))
        .contains("24 pairs were judged in two ways by one judge");
  }

  @Test
  void whatAModelSaidInEachOrderShowsItsHabit() {
    List<Vote> votes = new ArrayList<>();
    for (Vote vote : table(2, 10, Choice.SAME)) {
      votes.add(
          new Vote(
              new Vote.Judge(vote.judge().id(), JudgeKind.MODEL, JudgeRole.READER, ""),
              vote.shown(),
              vote.choice(),
              vote.when(),
              vote.origin(),
              Map.of("raw_first", "left", "raw_second", "left", "consistent", "false")));
    }
    Table consistency = report(votes).document().table("consistency");
    assertThat(consistency.column("left_twice")).containsExactly(20);
    assertThat(consistency.column("same")).containsExactly(0.0);
    assertThat(report(votes).document().table("position").column("left_share"))
        .containsExactly(1.0);
  }

  @Test
  void thePooledLineIsThatOfTheOriginal() {
    assertThat(pooled(300, 496, 170, 288)).isCloseTo(2.8015e-8, within(5e-13));
    assertThat(pooled(100, 160, 61, 94)).isCloseTo(2.3625e-5, within(5e-10));
  }

  /** The naive p over wins and decisive votes of people and of models. */
  private static double pooled(int wins, int people, int more, int models) {
    List<Vote> votes = new ArrayList<>();
    for (int i = 0; i < people + models; i++) {
      boolean person = i < people;
      boolean won = person ? i < wins : i < people + more;
      votes.add(
          Vote.by(
                  (person ? "person-" : "model-") + i % 20,
                  person ? JudgeKind.HUMAN : JudgeKind.MODEL,
                  won ? Choice.LEFT : Choice.RIGHT)
              .on("prompt-" + i / 20 % 10, "pair-" + i)
              .sides("shaped", "baseline"));
    }
    Table table = report(votes).document().table("pooled");
    assertThat(table.column("decisive")).containsExactly((long) people + models);
    return (double) table.column("naive_p").getFirst();
  }
}
