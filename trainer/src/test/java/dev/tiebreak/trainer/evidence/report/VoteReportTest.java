package dev.tiebreak.trainer.evidence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgeRole;
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
