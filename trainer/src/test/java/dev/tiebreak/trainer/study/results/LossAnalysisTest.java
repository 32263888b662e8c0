package dev.tiebreak.trainer.study.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.document.Csv;
import dev.tiebreak.trainer.evidence.document.Json;
import dev.tiebreak.trainer.evidence.statistics.paired.Equivalence;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap;
import dev.tiebreak.trainer.lab.examine.ValidationTokens;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossAnalysisTest {
  private static final int WINDOWS = 6;
  private static final int LENGTH = 4;

  @TempDir Path folder;

  /** Three seeds whose losses tie in one arm and differ in the other. */
  private Fixtures three() {
    return new Fixtures(folder, 3, "baseline", "gain", "both")
        .add("baseline", 1, 4.00)
        .add("gain", 1, 4.001)
        .add("both", 1, 4.050)
        .add("baseline", 2, 4.03)
        .add("gain", 2, 4.032)
        .add("both", 2, 4.081)
        .add("baseline", 3, 3.97)
        .add("gain", 3, 3.970)
        .add("both", 3, 4.021);
  }

  private static String json(LossAnalysis analysis) {
    return Json.of(LossReport.document(analysis));
  }

  private static String csv(LossAnalysis analysis) {
    return Csv.of(LossTables.numbers(analysis));
  }

  @Test
  void lossesArePairedBySeed() {
    LossAnalysis analysis = three().analysis();
    assertThat(analysis.baseline().mean()).isCloseTo(4, within(1e-12));
    assertThat(analysis.baseline().sd()).isCloseTo(0.03, within(1e-12));
    assertThat(analysis.seedYardstick()).isCloseTo(0.06, within(1e-12));
    ArmLosses gain = analysis.arm("gain").orElseThrow();
    assertThat(gain.seeds()).containsExactly(1L, 2L, 3L);
    assertThat(gain.differences())
        .satisfiesExactly(
            d -> assertThat(d).isCloseTo(0.001, within(1e-12)),
            d -> assertThat(d).isCloseTo(0.002, within(1e-12)),
            d -> assertThat(d).isCloseTo(0, within(1e-12)));
    assertThat(gain.tost().verdict()).isEqualTo(Equivalence.EQUIVALENT);
    assertThat(gain.flips().p()).isEqualTo(0.5);
    ArmLosses both = analysis.arm("both").orElseThrow();
    assertThat(both.tost().verdict()).isEqualTo(Equivalence.DIFFERENT);
    assertThat(both.bySeeds().orElseThrow().verdict()).isEqualTo(Equivalence.EQUIVALENT);
    assertThat(both.bySeeds().orElseThrow().margin()).isCloseTo(0.06, within(1e-12));
    assertThat(analysis.withoutPassages()).hasSize(9);
  }

  @Test
  void seedsThatOneOfBothLacksAreLeftOutAndNamed() {
    Fixtures study =
        new Fixtures(folder, 2, "baseline", "gain", "both")
            .add("baseline", 1, 4)
            .add("gain", 1, 4.1)
            .add("both", 2, 4.1);
    LossAnalysis analysis = study.analysis();
    assertThat(analysis.arms()).extracting(ArmLosses::arm).containsExactly("gain");
    assertThat(analysis.arm("gain").orElseThrow().tost().verdict())
        .isEqualTo(Equivalence.CANNOT_BE_SHOWN);
    assertThat(analysis.arm("gain").orElseThrow().bySeeds()).isEmpty();
    assertThat(analysis.results().missing())
        .containsExactly(new RunId("both", 1), new RunId("baseline", 2), new RunId("gain", 2));
    assertThat(LossReport.text(analysis))
        .contains("Not complete, so left out: both/seed-1, baseline/seed-2, gain/seed-2.")
        .contains("gain: not all seeds that the plan declares are complete");
  }

  /** A difference with p = 0.049 alone, which three more declared arms undo, trained or not. */
  @Test
  void everyDeclaredArmCountsAsAComparison() {
    ArmLosses alone = differing("baseline", "gain");
    ArmLosses among = differing("baseline", "gain", "both", "divergence", "constant-gain");
    assertThat(alone.verdict()).isEqualTo(Equivalence.DIFFERENT);
    assertThat(among.holmP()).isCloseTo(4 * alone.holmP(), within(1e-12));
    assertThat(among.verdict()).isEqualTo(Equivalence.INCONCLUSIVE);
  }

  private ArmLosses differing(String... arms) {
    double[] differences = {0.02, 0.05, 0.03, 0.01};
    Fixtures study = new Fixtures(folder.resolve("of-" + arms.length), 4, arms);
    for (int i = 0; i < differences.length; i++) {
      study.add("baseline", i + 1, 4).add("gain", i + 1, 4 + differences[i]);
    }
    return study.analysis().arm("gain").orElseThrow();
  }

  @Test
  void noYardstickTiesBeforeThePlansSeedsAreComplete() {
    Fixtures study = new Fixtures(folder, 4, "baseline", "gain");
    for (int seed = 1; seed <= 3; seed++) {
      study.add("baseline", seed, 4 + 0.03 * seed).add("gain", seed, 4 + 0.0301 * seed);
    }
    assertThat(LossReport.text(study.analysis())).doesNotContain("ties within it:");
    study.add("baseline", 4, 4.12).add("gain", 4, 4.1204);
    assertThat(LossReport.text(study.analysis())).contains("ties within it: gain");
  }

  private void tokens(Path run, double shift, int firstTarget) {
    float[] losses = new float[WINDOWS * LENGTH];
    int[] targets = new int[losses.length];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (float) (i % 7 + shift * (1 + i % 3 * 0.5));
      targets[i] = firstTarget + i;
    }
    new ValidationTokens(WINDOWS, LENGTH, losses, losses, targets)
        .write(run.resolve("validation.safetensors"));
  }

  @Test
  void passagesAreResampledInEachSeed() {
    Fixtures study = three();
    tokens(study.run("baseline", 1), 0, 5);
    tokens(study.run("gain", 1), 0.5, 5);
    LossAnalysis analysis = study.analysis();
    PairedBootstrap passages = analysis.arm("gain").orElseThrow().passages().get(1L);
    assertThat(passages.clusters()).isEqualTo(WINDOWS);
    assertThat(passages.estimate()).isCloseTo(0.75, within(1e-6));
    assertThat(passages.interval().contains(0)).isFalse();
    assertThat(analysis.arm("both").orElseThrow().passages()).isEmpty();
    assertThat(analysis.withoutPassages()).hasSize(7);
    assertThat(LossReport.text(analysis)).contains("gain  +0.0010*  +0.0020  +0.0000\n");
    assertThat(json(analysis)).contains("\"passages\" : 6", "\"tokens\" : 24");
  }

  @Test
  void otherTokensCannotBePaired() {
    Fixtures study = three();
    tokens(study.run("baseline", 1), 0, 5);
    tokens(study.run("gain", 1), 0.5, 6);
    assertThatThrownBy(study::analysis)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("gain/seed-1 and baseline/seed-1 were validated on other tokens");
  }

  @Test
  void runsOnOtherDataAreRefused() {
    Fixtures study = three().add("both", 3, 4, "cd34");
    assertThatThrownBy(study::results)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("were trained on other tokens");
  }

  @Test
  void withoutABaselineThereIsNothingToCompare() {
    Fixtures without = new Fixtures(folder, 1, "gain", "both").add("gain", 1, 4);
    assertThatThrownBy(without::analysis)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has no arm 'baseline' to compare the others with");
    Fixtures notYet = new Fixtures(folder, 1, "baseline", "both").add("both", 1, 4);
    assertThatThrownBy(notYet::analysis)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no run of the arm 'baseline' is complete");
    Fixtures alone = new Fixtures(folder, 2, "baseline", "both").add("baseline", 2, 4);
    assertThatThrownBy(alone::analysis)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no seed is complete in the arm 'baseline' and in another");
  }

  @Test
  void theTableSaysWhatIsShown() {
    assertThat(LossReport.text(three().analysis()))
        .contains(
            """
            arm       seeds    loss   - base       90 % interval  p(no tie)  p(diff)  verdict
            baseline      3  4.0000        -                   -          -        -
            gain          3  4.0010  +0.0010  -0.0007 to +0.0027     0.0020     0.23  equivalent
            both          3  4.0507  +0.0507  +0.0497 to +0.0516       1.00  8.7e-05  different
            """,
            "Difference in each seed:\n",
            "gain: the losses tie, within 0.01 nats.",
            "both: the losses differ, and a tie within 0.01 nats is not shown.",
            "With 3 seeds, a test without assumptions (sign flips) cannot reach a p below 0.25.",
            "ties within it: gain,\n  both.");
  }

  @Test
  void noLineIsLongerThanAHundredColumns() {
    Fixtures study = new Fixtures(folder, 8, "baseline", "divergence-update", "half-tokens");
    for (int seed = 1; seed <= 8; seed++) {
      study.add("baseline", seed, 4 + 0.01 * seed);
      study.add("divergence-update", seed, 4 + 0.013 * (9 - seed));
    }
    String text = LossReport.text(study.analysis());
    assertThat(text.lines()).allMatch(line -> line.length() <= 100).hasSizeLessThan(24);
  }

  @Test
  void filesHoldEveryNumberAndAreAlwaysEqual() {
    Fixtures study = three();
    LossAnalysis analysis = study.analysis();
    String json = json(analysis);
    assertThat(json)
        .contains("\"margin\" : 0.01", "\"verdict\" : \"equivalent\"", "\"sign_flip_p\" : 0.5")
        .doesNotContain(folder.toString())
        .isEqualTo(json(study.analysis()));
    String csv = csv(analysis);
    assertThat(csv.lines()).allMatch(line -> line.chars().filter(c -> c == ',').count() == 3);
    assertThat(csv).startsWith("arm,seed,quantity,value\nbaseline,1,val_loss,4.0\n");
    assertThat(csv).contains("baseline,,sd_val_loss,0.0", "gain,,equivalence_p,0.00");
    assertThat(LossFigures.forest(analysis).svg())
        .contains(">gain<", "+0.0010  equivalent", "margin of 0.01");
  }

  @Test
  void aSingleSeedHasNoNumbersThatAreNone() {
    Fixtures study = new Fixtures(folder, 1, "baseline", "gain");
    study.add("baseline", 1, 4).add("gain", 1, 4.001);
    LossAnalysis analysis = study.analysis();
    assertThat(json(analysis)).contains("\"p\" : null").doesNotContain("NaN");
    assertThat(csv(analysis)).contains("gain,,equivalence_p,\n").doesNotContain("NaN");
    assertThat(LossFigures.forest(analysis).svg())
        .contains("cannot be shown")
        .doesNotContain("NaN");
    assertThat(LossReport.text(analysis)).contains("cannot be shown").doesNotContain("NaN");
  }

  /** Six arms that differ from the baseline by chance: one of them by luck. */
  @Test
  void aDifferenceIsOneAmongAllThatAreLookedFor() {
    String[] arms = {"baseline", "gain", "divergence", "both", "focal", "sigmoid", "z"};
    double[] luck = {0, 0.001, 0.0025, -0.002, 0.002, 0.0015, -0.0005};
    double[] noise = {0.001, -0.0015, 0.0005, 0.0012};
    Fixtures study = new Fixtures(folder, 4, arms);
    for (int a = 0; a < arms.length; a++) {
      for (int seed = 1; seed <= 4; seed++) {
        study.add(arms[a], seed, 4 + 10 * luck[a] + (a == 0 ? 0 : 8 * noise[(seed + a) % 4]));
      }
    }
    LossAnalysis analysis = study.analysis();
    ArmLosses divergence = analysis.arm("divergence").orElseThrow();
    assertThat(divergence.tost().difference().p()).isBetween(0.05 / 6, 0.05);
    assertThat(divergence.holmP()).isCloseTo(6 * divergence.tost().difference().p(), within(1e-12));
    assertThat(divergence.tost().verdict()).isEqualTo(Equivalence.DIFFERENT);
    assertThat(divergence.verdict()).isEqualTo(Equivalence.INCONCLUSIVE);
  }

  @Test
  void theTwoByTwoHasItsInteraction() {
    Fixtures study = new Fixtures(folder, 3, "baseline", "gain", "divergence", "both");
    for (int seed = 1; seed <= 3; seed++) {
      study
          .add("baseline", seed, 4 + seed)
          .add("gain", seed, 4.1 + seed)
          .add("divergence", seed, 4.2 + seed)
          .add("both", seed, 4.3 + seed + 0.001 * (seed - 2));
    }
    ArmLosses interaction = study.analysis().interaction().orElseThrow();
    assertThat(interaction.tost().sample().mean()).isCloseTo(0, within(1e-12));
    assertThat(interaction.tost().sample().sd()).isCloseTo(0.001, within(1e-12));
    assertThat(interaction.verdict()).isEqualTo(Equivalence.EQUIVALENT);
    assertThat(LossReport.text(study.analysis())).contains("Gain x divergence", "equivalent");
    assertThat(three().analysis().interaction()).isEmpty();
  }

  @Test
  void anyArmCanBeTheOneToCompareWith() {
    LossAnalysis analysis = LossAnalysis.of(three().results(), three().results().arm("gain"));
    assertThat(analysis.arms()).extracting(ArmLosses::arm).containsExactly("baseline", "both");
    assertThat(analysis.arm("baseline").orElseThrow().tost().sample().mean())
        .isCloseTo(-0.001, within(1e-12));
    assertThat(LossReport.text(analysis)).contains("- gain");
    assertThat(LossReport.write(analysis))
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "losses-against-gain.json", "losses-against-gain.csv", "losses-against-gain.svg");
  }
}
