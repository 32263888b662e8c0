package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.ballot.protocol.ControlSeed;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyPlanTest {
  private static final String LEAST =
      """
      name = "least"
      arms = ["baseline", "both"]
      seeds = [3, 1]
      """;

  @TempDir Path folder;

  private StudyPlan read(String toml) {
    try {
      return StudyPlan.read(Files.writeString(folder.resolve("study.toml"), toml));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(String toml, String message) {
    assertThatThrownBy(() -> read(toml))
        .isInstanceOf(UserError.class)
        .hasMessage(message.replace("FILE", folder.resolve("study.toml").toString()));
  }

  @Test
  void whatAPlanLeavesOutHasTheUsualValues() {
    StudyPlan plan = read(LEAST);
    assertThat(plan.name()).isEqualTo("least");
    assertThat(plan.arms()).extracting(Arm::name).containsExactly("baseline", "both");
    assertThat(plan.prompts()).isEqualTo(new PromptsPlan("prompts.jsonl", 5));
    assertThat(plan.sampling()).isEqualTo(new SamplingPlan(0.8, 0, 0.95, 128, 2, 1));
    assertThat(plan.judging()).isEqualTo(new JudgingPlan(3, 32, 3, 2, 1, 3, 40, 0.9, 0.8, 8));
    assertThat(plan.analysis())
        .isEqualTo(new AnalysisPlan(0.01, 0.05, 0.55, 2000, 1, "", List.of()));
    assertThat(plan.comparisons()).isEmpty();
  }

  @Test
  void runsGoSeedBySeedSoThatTwinsFinishTogether() {
    assertThat(read(LEAST).runs())
        .containsExactly(
            new RunId("baseline", 3),
            new RunId("both", 3),
            new RunId("baseline", 1),
            new RunId("both", 1));
  }

  @Test
  void anArmChangesTheBaseAndASeedBoth() {
    StudyPlan plan =
        read(
            """
            name = "own"
            arms = ["baseline", "strong", "half-tokens"]
            seeds = [7]
            [base]
            extends = "tiny"
            [base.optimizer]
            lr = 2e-3
            [arm.strong]
            about = "twice the strength"
            [arm.strong.gain]
            kind = "precision"
            s = 1.0
            """);
    TrainConfig baseline = plan.config(new RunId("baseline", 7));
    TrainConfig strong = plan.config(new RunId("strong", 7));
    assertThat(baseline.optimizer().lr()).isEqualTo(2e-3);
    assertThat(baseline.training().seed()).isEqualTo(7);
    assertThat(strong.gain().s()).isEqualTo(1);
    assertThat(strong.training()).isEqualTo(baseline.training());
    assertThat(strong.hash()).isNotEqualTo(baseline.hash());
    assertThat(plan.config(plan.arms().get(2), 7).training().steps()).isEqualTo(30);
  }

  @Test
  void theBaseMayExtendAFileBesideThePlan() throws IOException {
    Files.writeString(folder.resolve("base.toml"), "extends = \"tiny\"\ntraining.steps = 5\n");
    StudyPlan plan = read(LEAST + "[base]\nextends = \"base.toml\"\ntraining.batch = 2\n");
    TrainConfig config = plan.config(plan.runs().getFirst());
    assertThat(config.training().steps()).isEqualTo(5);
    assertThat(config.training().batch()).isEqualTo(2);
    assertThat(config.model().layers()).isEqualTo(2);
  }

  @Test
  void comparisonsAreTwinsUnlessTheySayOtherwise() {
    StudyPlan plan =
        read(
            LEAST
                + """
                [comparison.h1]
                treatment = "both"
                control = "baseline"
                [comparison.aa]
                treatment = "baseline"
                control = "baseline"
                control_seed = "next"
                [comparison.hot]
                treatment = "both"
                control = "baseline"
                control_temperature = "matched_entropy"
                [analysis]
                gate = "h1"
                holm = ["hot"]
                """);
    assertThat(plan.comparisons())
        .containsExactly(
            new Comparison("h1", "both", "baseline", ControlTemperature.SAME, ControlSeed.SAME),
            new Comparison("aa", "baseline", "baseline", ControlTemperature.SAME, ControlSeed.NEXT),
            new Comparison(
                "hot", "both", "baseline", ControlTemperature.MATCHED_ENTROPY, ControlSeed.SAME));
    Comparison seeds = plan.comparison("aa").orElseThrow();
    assertThat(plan.controlSeed(seeds, 3)).isEqualTo(1);
    assertThat(plan.controlSeed(seeds, 1)).isEqualTo(3);
    assertThat(plan.controlSeed(plan.comparisons().getFirst(), 3)).isEqualTo(3);
  }

  @Test
  void armsMayNotChangeWhatTwinsShare() {
    String arm =
        "arms = [\"baseline\", \"own\"]\nname = \"n\"\nseeds = [1]\n[arm.own]\nabout = \"x\"\n";
    String why = "; twins share the model, the data, the seed and the threads: set them in [base]";
    assertRefused(arm + "model.layers = 3\n", "the arm 'own' changes [model] (FILE)" + why);
    assertRefused(
        arm + "training.seed = 9\ntraining.threads = 3\n",
        "the arm 'own' changes training.seed and training.threads (FILE)" + why);
    assertRefused(arm + "data.merges = 9\n", "the arm 'own' changes [data] (FILE)" + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          sampling.top_p = 0             | sampling.top_p is 0.0 (FILE); it must be a number above 0, at most 1
          sampling.temperatur = 1        | unknown key sampling.temperatur (FILE); did you mean sampling.temperature?
          sampling = 3                   | unknown key sampling (FILE); known are [prompts], [sampling], [judging], [analysis], [base], [arm], [comparison]
          samplings.top_k = 1            | unknown section samplings (FILE); did you mean sampling?
          comparisons.h1.control = "x"   | unknown section comparisons (FILE); did you mean comparison?
          judging.most_one_side = 0.4    | judging.most_one_side is 0.4 (FILE); it must be a number from 0.5 to 1
          judging.duplicates = 33        | judging.duplicates is 33 (FILE); it must be a whole number from 0 to 32
          analysis.alpha = 0.5           | analysis.alpha is 0.5 (FILE); it must be a number above 0 and below 0.5
          analysis.holm = [1]            | analysis.holm is [1] (FILE); it must be a text in quotes or a list of them in [ ]
          analysis.gate = "h1"           | analysis.gate names "h1" (FILE); it must be one of the comparisons, and there is none
          question = 3                   | question is 3 (FILE); it must be a text in quotes
          comparison.h1.treatment = "both" | comparison.h1.control is missing (FILE); write control = ...
          comparison.h1 = "both"         | comparison.h1 (FILE) must be a table with a name of its own: [comparison.my-comparison]
          base = "quick"                 | base (FILE) must be a table: [base]
          base.training.step = 3         | unknown key training.step (FILE, [base]); did you mean training.steps?
          base.training.steps = 0        | training.steps is 0 (FILE, [base]); it must be a whole number, 1 or more
          """)
  void aWrongKeyOrValueIsNamed(String line, String message) {
    assertRefused(LEAST + line + "\n", message);
  }

  @Test
  void wrongListsAreNamed() {
    assertRefused(
        "name = \"n\"\narms = [\"baseline\"]\nseeds = [1, 2, 1]\n",
        "seeds is [1, 2, 1] (FILE); it must be whole numbers, at least one, each once");
    assertRefused(
        "name = \"n\"\narms = [\"baseline\"]\nseeds = [1.5]\n",
        "seeds is [1.5] (FILE); it must be a list of whole numbers in [ ]");
    assertRefused(
        "name = \"n\"\narms = []\nseeds = [1]\n",
        "arms is [] (FILE); it must be names of arms, at least one, each once");
    assertRefused(
        "name = \"n\"\narms = [\"baseline\"]\n", "seeds is missing (FILE); write seeds = ...");
    assertThatThrownBy(() -> read("name = \"n\"\narms = [\"bth\"]\nseeds = [1]\n"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("arms (" + folder.resolve("study.toml") + "): no arm 'bth'")
        .hasMessageContaining("both")
        .hasMessageEndingWith(", or a table [arm.bth] of your own");
  }

  @Test
  void comparisonsMustFitTheStudy() {
    String both = LEAST + "[comparison.h]\ntreatment = \"both\"\n";
    assertRefused(
        both + "control = \"gain\"\n",
        "comparison.h.control is \"gain\" (FILE); it must be one of the study's arms: baseline, both");
    assertRefused(
        both + "control = \"both\"\n",
        "comparison.h compares \"both\" with itself (FILE); choose another control, control_seed ="
            + " \"next\" or another control_temperature");
    assertRefused(
        both.replace("[3, 1]", "[3]") + "control = \"both\"\ncontrol_seed = \"next\"\n",
        "comparison.h.control_seed is \"next\" (FILE), which needs two seeds or more; the study has"
            + " one");
    assertRefused(
        both + "control = \"baseline\"\ncontrol_temperature = \"hot\"\n",
        "comparison.h.control_temperature is \"hot\" (FILE); it must be \"same\","
            + " \"matched_entropy\" or \"one_plus_s_over_v\"");
  }

  @Test
  void judgesAreEnoughForAllJudgments() {
    JudgingPlan judging = read(LEAST).judging();
    assertThat(judging.judges(768, 64)).isEqualTo(72); // 768 x 3 / 32
    assertThat(judging.judges(1, 64)).isEqualTo(1);
    assertThat(judging.judges(64, 16)).isEqualTo(12); // 64 x 3 / 16: no prompt twice
  }
}
