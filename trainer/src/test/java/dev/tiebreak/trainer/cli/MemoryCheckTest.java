package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryCheckTest {
  @Test
  void whatFitsAndWhatIsUnknownPasses() {
    assertThatCode(() -> MemoryCheck.requireRoom(10, OptionalLong.of(10)))
        .doesNotThrowAnyException();
    assertThatCode(() -> MemoryCheck.requireRoom(10, OptionalLong.empty()))
        .doesNotThrowAnyException();
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothFiguresAndTheRemedy() {
    assertThatThrownBy(
            () -> MemoryCheck.requireRoom(79_000_000_000L, OptionalLong.of(25_000_000_000L)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "this training needs 79 GB of memory and the machine has 25 GB; lower training.batch");
  }

  @Test
  void aTrainingThatCannotFitIsRefusedBeforeItsFolderIsMade(@TempDir Path folder) throws Exception {
    Path text =
        Files.writeString(folder.resolve("text.txt"), "some words, again and again. ".repeat(500));
    Path run = folder.resolve("run");
    Cli cli =
        Cli.run(
            "train",
            "--preset",
            "tiny",
            "--set",
            "training.batch=100000000",
            "--text",
            text.toString(),
            "--run",
            run.toString(),
            "--cache",
            folder.resolve("cache").toString());
    assertThat(cli.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(cli.err()).contains("tiebreak: this training needs ");
    assertThat(run).doesNotExist();
  }
}
