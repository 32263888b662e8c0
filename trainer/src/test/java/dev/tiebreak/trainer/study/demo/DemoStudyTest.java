package dev.tiebreak.trainer.study.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.TinyRuns;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyPlan;
import dev.tiebreak.trainer.study.StudyTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoStudyTest {
  @TempDir Path folder;

  private Study make(boolean overwrite, String... assignments) {
    return DemoStudy.make(folder.resolve("demo"), TinyRuns.config(assignments), overwrite);
  }

  @Test
  void thePlanIsTheTemplatesWithAnotherTraining() throws IOException {
    TrainConfig config = TinyRuns.config("training.seed=5", "model.channels=32");
    StudyPlan plan = DemoStudy.make(folder.resolve("demo"), config, false).plan();
    assertThat(plan.seeds()).containsExactly(5L, 6L);
    assertThat(plan.config(new RunId("baseline", 5))).isEqualTo(config);
    assertThat(plan.config(new RunId("both", 6)).model()).isEqualTo(config.model());
    StudyPlan template = template();
    assertThat(plan.arms()).isEqualTo(template.arms());
    assertThat(plan.comparisons()).isEqualTo(template.comparisons()).isNotEmpty();
    assertThat(plan.analysis()).isEqualTo(template.analysis());
  }

  private StudyPlan template() {
    return StudyPlan.read(StudyTemplate.DEMO.write(folder.resolve("template")).plan());
  }

  @Test
  void theTemplatesTrainingIsThatOfItsPlan() {
    TrainConfig base = StudyTemplate.DEMO.base().build();
    StudyPlan template = template();
    assertThat(template.config(new RunId("baseline", 1))).isEqualTo(base);
    assertThat(DemoStudy.make(folder.resolve("demo"), base, false).plan().configs())
        .isEqualTo(template.configs());
  }

  @Test
  void theSameIsFoundAgainAndOtherSettingsAreRefused() {
    Study study = make(false);
    assertThat(make(false)).isEqualTo(study);
    assertThatThrownBy(() -> make(false, "training.steps=7"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            Words.of("the study in %s has other settings (base.toml);", folder.resolve("demo")))
        .hasMessageContaining("replace it and its runs");
    assertThatThrownBy(() -> make(false, "training.seed=2"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("replace it and its runs");
    assertThat(make(false)).isEqualTo(study);
  }

  @Test
  void overwritingRemovesTheRunsOfThePlanAndNothingElse() throws IOException {
    Study study = make(false);
    Path run = study.folder().run(new RunId("gain", 1));
    try (Dataset data = TinyRuns.data(folder)) {
      TinyRuns.train(study.plan().config(new RunId("gain", 1)), data, run);
    }
    Path notes = Files.writeString(study.folder().path().resolve("notes.txt"), "mine");
    Study other = make(true, "training.seed=2");
    assertThat(other.plan().seeds()).containsExactly(2L, 3L);
    assertThat(run).doesNotExist();
    assertThat(notes).hasContent("mine");
  }

  @Test
  void aFolderThatHoldsSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectories(folder.resolve("demo"));
    Path mine = Files.writeString(folder.resolve("demo/mine.txt"), "mine");
    for (boolean overwrite : new boolean[] {false, true}) {
      assertThatThrownBy(() -> make(overwrite))
          .isInstanceOf(UserError.class)
          .hasMessage(
              Words.of(
                  "the folder %s is not empty and holds no study; choose another",
                  folder.resolve("demo")));
    }
    assertThat(mine.getParent()).isDirectoryContaining(mine::equals);
    assertThatThrownBy(() -> DemoStudy.make(mine, TinyRuns.config(), false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is a file, not a folder");
  }

  @Test
  void aDemoThatEndedBeforeItHadAPlanIsNoObstacle() throws IOException {
    Path demo = Files.createDirectories(folder.resolve("demo"));
    Files.writeString(demo.resolve(DemoStudy.BASE), "half");
    assertThat(make(false).plan().runs()).hasSize(8);
  }
}
