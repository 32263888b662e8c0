package dev.tiebreak.trainer.study.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.study.StudyPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPairTest {
  @TempDir Path folder;

  private List<String> pairs(String seeds, String treatment, String controlSeed)
      throws IOException {
    Path plan = folder.resolve("study.toml");
    Files.writeString(
        plan,
        Words.of(
            """
            name = "n"
            arms = ["baseline", "both"]
            seeds = [%s]
            [base]
            extends = "tiny"
            [comparison.c]
            treatment = "%s"
            control = "baseline"
            control_seed = "%s"
            """,
            seeds, treatment, controlSeed));
    return ModelPair.of(StudyPlan.read(plan)).stream()
        .map(pair -> pair.treatment() + " " + pair.control())
        .toList();
  }

  @Test
  void twinsOfEachSeed() throws IOException {
    assertThat(pairs("5, 3", "both", "same"))
        .containsExactly("both/seed-5 baseline/seed-5", "both/seed-3 baseline/seed-3");
  }

  @Test
  void twoSeedsOfOneArmAreOnePair() throws IOException {
    assertThat(pairs("5, 3", "baseline", "next"))
        .containsExactly("baseline/seed-5 baseline/seed-3");
  }

  @Test
  void threeSeedsGoRound() throws IOException {
    assertThat(pairs("1, 2, 3", "baseline", "next"))
        .containsExactly(
            "baseline/seed-1 baseline/seed-2",
            "baseline/seed-2 baseline/seed-3",
            "baseline/seed-3 baseline/seed-1");
  }

  @Test
  void ofTwoArmsBothWaysAreTwoPairs() throws IOException {
    assertThat(pairs("1, 2", "both", "next"))
        .containsExactly("both/seed-1 baseline/seed-2", "both/seed-2 baseline/seed-1");
  }
}
