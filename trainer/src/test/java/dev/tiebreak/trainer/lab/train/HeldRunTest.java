package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldRunTest {
  @TempDir Path folder;

  private Path run() {
    return folder.resolve("runs/x");
  }

  private String refusal(Mode mode) {
    String[] message = new String[1];
    assertThatThrownBy(() -> HeldRun.open(run(), mode).close())
        .isInstanceOfSatisfying(UserError.class, error -> message[0] = error.getMessage());
    assertThat(message[0]).contains(run().toString()).doesNotContain("\n");
    return message[0];
  }

  private void train(Mode mode, String... assignments) {
    try (Dataset data = Runs.data(folder)) {
      Runs.train(Runs.config("baseline", assignments), data, run(), mode);
    }
  }

  @Test
  void aRunIsNotOverwrittenUnlessAskedFor() throws IOException {
    train(Mode.NEW);
    assertThat(refusal(Mode.NEW)).contains("resume it, replace it, or choose another folder");
    Files.writeString(run().resolve("samples.txt"), "kept");
    train(Mode.OVERWRITE, "training.steps=2", "checkpoint.keep=9");
    assertThat(new RunFolder(run()).checkpoints().all()).hasSize(1);
    assertThat(Runs.metrics(run())).hasSize(2 + 2);
    assertThat(run().resolve("samples.txt")).hasContent("kept");
    assertThat(run().resolve(".lock")).doesNotExist();
  }

  @Test
  void aFailedStartLeavesTheOldRunAsItWas() throws IOException {
    train(Mode.NEW);
    String summary = Files.readString(run().resolve("summary.json"));
    assertThatThrownBy(() -> train(Mode.OVERWRITE, "model.sequence_length=100000"))
        .hasMessageContaining("one block");
    assertThat(run().resolve("summary.json")).hasContent(summary);
    assertThat(new RunFolder(run()).checkpoints().latest()).isPresent();
  }

  @Test
  void whoeverHoldsAFolderHoldsItAlone() throws IOException {
    try (HeldRun _ = HeldRun.open(run(), Mode.NEW)) {
      assertThat(HeldRun.openIfFree(run(), Mode.NEW)).isEmpty();
      assertThat(HeldRun.openIfFree(folder.resolve("runs/../runs/x"), Mode.NEW)).isEmpty();
      assertThat(refusal(Mode.NEW)).contains("another training is going on in");
    }
    HeldRun.openIfFree(run(), Mode.NEW).orElseThrow().close();
    assertThat(run()).doesNotExist();
  }

  @Test
  void thereMustBeARunToResume() {
    assertThat(refusal(Mode.RESUME)).contains("leave that out");
    assertThat(run()).doesNotExist();
  }

  @Test
  void aFolderOfOtherThingsIsLeftAlone() throws IOException {
    Files.createDirectories(run());
    Files.writeString(run().resolve("thesis.txt"), "");
    assertThat(refusal(Mode.NEW)).contains("not empty");
    assertThat(refusal(Mode.OVERWRITE)).contains("not empty");
  }

  @Test
  void aFileIsNoRunFolder() throws IOException {
    Files.createDirectories(run().getParent());
    Files.writeString(run(), "");
    assertThat(refusal(Mode.NEW)).contains("is a file, not a folder");
  }

  @Test
  void anUnwritableFolderIsReported() throws IOException {
    Path parent = Files.createDirectories(run().getParent());
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(parent), "the superuser may write everywhere");
    assertThat(refusal(Mode.NEW)).contains("permission denied");
  }

  @Test
  void twoTrainingsCannotShareAFolder() {
    try (HeldRun first = HeldRun.open(run(), Mode.NEW)) {
      assertThat(first.folder().path()).isEqualTo(run());
      assertThat(refusal(Mode.NEW)).contains("another training is going on");
    }
    assertThat(run()).as("nothing was written").doesNotExist();
    HeldRun.open(run(), Mode.NEW).close();
  }
}
