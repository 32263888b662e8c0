package dev.tiebreak.trainer.evidence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.evidence.document.Block;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each section by itself, on votes that are counted by hand. */
class SectionsTest {
  private static final Analysis STUDY = analysis(SyntheticVotes.study(1));

  private static Analysis analysis(List<Vote> votes) {
    return Analysis.of(SyntheticVotes.input(votes), Rules.usual(), _ -> {});
  }

  /** Two judges on three prompts: four votes for the treatment, one against, one tie. */
  private static Analysis small() {
    List<Vote> votes = new ArrayList<>();
    Choice[] ofTreatment = {
      Choice.LEFT, Choice.LEFT, Choice.LEFT, Choice.LEFT, Choice.RIGHT, Choice.SAME
    };
    for (int i = 0; i < ofTreatment.length; i++) {
      boolean left = i % 3 != 1;
      votes.add(
          Vote.by(
                  "judge-" + i / 3,
                  JudgeKind.HUMAN,
                  left ? ofTreatment[i] : ofTreatment[i].swapped())
              .on("prompt-" + i % 3, "pair-" + i % 3)
              .sides(left ? "shaped" : "baseline", left ? "baseline" : "shaped")
              .responseMs(1000 * (i + 1))
              .at(Instant.ofEpochSecond(1_770_000_000L + 3600L * i)));
    }
    return analysis(votes);
  }

  private static Table table(Section section, String id) {
    return section.blocks().stream()
        .filter(Table.class::isInstance)
        .map(Table.class::cast)
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String words(Section section) {
    StringBuilder words = new StringBuilder();
    for (Block block : section.blocks()) {
      if (block instanceof Block.Text(String text)) {
        words.append(text).append('\n');
      }
    }
    return words.toString();
  }

  @Test
  void votesAreCountedByComparison() {
    assertThat(table(OverviewSection.of(small()), "counts").rows().getFirst().cells())
        .containsExactly("shaped against baseline", "people", 2, 3, 3, 0, 4L, 1L, 1L, 0L, 0);
  }

  @Test
  void everyMethodHasARowAndNaiveOnesSaySo() {
    Table estimates = table(EstimateSection.of(STUDY), "estimates");
    assertThat(estimates.rows()).hasSize(Method.values().length);
    assertThat(estimates.column("estimate").getFirst()).isEqualTo("Judges x prompts as clusters");
    assertThat(estimates.column("estimate"))
        .filteredOn(name -> name.toString().endsWith("(naive)"))
        .hasSize(7);
    Table digits = table(EstimateSection.of(STUDY), "estimates_digits");
    assertThat(digits.column("id"))
        .doesNotHaveDuplicates()
        .contains("two_way_cluster", "net_share");
    assertThat(digits.column("value").getFirst())
        .isEqualTo(STUDY.primary().tally().rate().orNull());
  }

  @Test
  void comparisonsAreAdjustedBehindTheGate() {
    Table comparisons = table(ComparisonSection.of(STUDY), "comparisons");
    assertThat(comparisons.column("comparison").getFirst().toString()).endsWith("(gate)");
    assertThat(comparisons.column("holm_p").getFirst()).isNull();
    assertThat(comparisons.column("holm_p").get(2)).isInstanceOf(Double.class);
    Interval interval = (Interval) comparisons.column("interval").getFirst();
    assertThat(interval.contains((double) comparisons.column("rate").getFirst())).isTrue();
  }

  @Test
  void theNullIsWiderWithPromptsAsClusters() {
    Section section = NullSection.of(STUDY);
    Table quantiles = table(section, "null_distribution");
    assertThat(quantiles.rows()).hasSize(99);
    assertThat((double) quantiles.column("independent").get(49)).isCloseTo(0.5, within(0.01));
    assertThat((double) quantiles.column("by_prompt").get(4))
        .isLessThan((double) quantiles.column("independent").get(4));
    assertThat(table(section, "equal_arms").rows()).hasSize(6);
    assertThat(words(NullSection.of(small()))).contains("No comparison of equal arms was judged");
  }

  @Test
  void ratesAreDrawnToTheMean() {
    Table prompts = table(ClusterSection.of(STUDY), "prompts");
    assertThat(prompts.rows()).hasSize(32);
    for (Table.Row row : prompts.rows()) {
      double rate = (double) row.cells().get(4);
      double shrunk = (double) row.cells().get(5);
      double mean = STUDY.primary().tally().rate().orNull();
      assertThat(Math.abs(shrunk - mean)).isLessThanOrEqualTo(Math.abs(rate - mean) + 1e-9);
    }
    assertThat(words(ClusterSection.of(small()))).contains("do not say which seed pair");
  }

  @Test
  void sidesAreCountedWhicheverTextStoodThere() {
    Table position = table(PositionSection.of(small()), "position");
    assertThat(position.column("presented")).containsExactly(6);
    assertThat((double) position.column("treatment_left").getFirst())
        .isCloseTo(4 / 6.0, within(1e-9));
    assertThat((double) position.column("left_share").getFirst()).isCloseTo(4 / 5.0, within(1e-9));
    assertThat(words(PositionSection.of(small()))).contains("No judge saw a pair twice");
    Table twice = table(PositionSection.of(STUDY), "consistency");
    assertThat(twice.column("judge_kind")).containsExactly("models");
  }

  @Test
  void leavingOneOutChangesTheRate() {
    Section section = InfluenceSection.of(small());
    Table out = table(section, "leave_one_out");
    assertThat(out.rows().getFirst().cells())
        .startsWith("one judge", 0.5, "judge-0", 1.0, "judge-1");
    assertThat(table(section, "filters").column("rule").getFirst()).isEqualTo("nobody");
    Table conduct = table(section, "judge_conduct");
    assertThat(conduct.column("median_ms")).containsExactly(2000.0, 5000.0);
  }

  @Test
  void agreementIsWithinAndBetweenKinds() {
    Section section = AgreementSection.of(STUDY);
    assertThat(table(section, "agreement").column("judge_kind"))
        .contains("people", "models", "all");
    assertThat(table(section, "people_and_models").rows()).hasSize(5);
    assertThat(words(AgreementSection.of(small()))).contains("did not both judge");
  }

  @Test
  void lengthIsAdjustedForWhereItIsKnown() {
    Table controlled = table(LengthSection.of(STUDY), "controlled");
    assertThat(controlled.column("controlled_for")).containsExactly("length");
    assertThat((double) controlled.column("rate").getFirst())
        .isCloseTo((double) controlled.column("raw").getFirst(), within(0.05));
    assertThat(words(LengthSection.of(small()))).contains("do not say how long the texts were");
  }

  @Test
  void timesAreThoseOfTheVotes() {
    Section section = TimeSection.of(small());
    Table times = table(section, "response_times");
    assertThat(times.rows().getFirst().cells()).startsWith("people", 6, 1.25, 2.25, 3.5);
    assertThat(table(section, "votes_over_time").column("hours"))
        .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
    Table drift = table(section, "drift");
    assertThat(drift.rows().getFirst().cells()).startsWith("decisive win rate", 1.0, 2 / 3.0, 2);
  }

  @Test
  void theDesignTellsWhatItTakes() {
    Table needed = table(DesignSection.of(STUDY), "votes_needed");
    assertThat((long) needed.column("votes").get(0))
        .isLessThan((long) needed.column("votes").get(1));
    assertThat((long) needed.column("votes").get(0))
        .isLessThan((long) needed.column("votes").get(2));
  }

  @Test
  void figuresOfTrainingsKeepTheirCaptions() {
    Figure figure = Figure.of("temperature", "The best temperatures.", "<svg></svg>");
    ReportInput votes = SyntheticVotes.input(SyntheticVotes.study(1));
    ReportInput input =
        new ReportInput(
            "t", "s", votes.votes(), Optional.empty(), Optional.empty(), Map.of(), List.of(figure));
    assertThat(VoteReport.of(input, Rules.usual(), _ -> {}).document().figures()).contains(figure);
  }

  /** Prompts were drawn with an SD of 12 points, judges and seeds with none, 30 % ties. */
  @Test
  void aPilotSaysHowMuchVotesDiffer() {
    List<Vote> votes =
        new SyntheticVotes(5)
            .add(JudgeKind.HUMAN, "both", "baseline", 60, 64, 6, 0.55, 0.12, 0.3)
            .votes();
    Pilot pilot = Pilot.of(SyntheticVotes.input(votes));
    assertThat(pilot.decisive()).isCloseTo(0.7, within(0.02));
    assertThat(pilot.promptSd()).isCloseTo(0.12, within(0.04));
    assertThat(pilot.judgeSd()).isLessThan(0.03);
    assertThat(pilot.seedSd()).isPresent();
    assertThat(pilot.seedSd().getAsDouble()).isLessThan(0.03);
  }
}
