package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TrainCommandTest {
  @TempDir Path folder;

  private Path text;
  private Path run;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeText() throws IOException {
    text = folder.resolve("fox.txt");
    Files.writeString(text, "the quick brown fox jumps over the lazy dog; ".repeat(60));
    run = folder.resolve("runs/fox");
  }

  private int tiebreak(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  /** A run of four steps; more options replace these. */
  private String[] train(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--preset=tiny",
                "--text=" + text,
                "--run=" + run,
                "--cache=" + folder.resolve("cache"),
                "--set=training.steps=4",
                "--threads=1",
                "--set=model.sequence_length=16",
                "--set=evaluation.every=2"));
    for (String arg : more) {
      String option = arg.replaceFirst("=.*", "=");
      args.removeIf(old -> old.startsWith(option) && !option.equals("--set="));
      args.add(arg);
    }
    return args.toArray(String[]::new);
  }

  private void assertRefused(String reason, String... args) {
    assertThat(tiebreak(args)).isEqualTo(ExitCode.USER_ERROR);
    String message =
        err.toString().lines().filter(line -> line.startsWith("tiebreak: ")).toList().getFirst();
    assertThat(message).contains(reason);
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void aRunEndsWithItsLossWhereItIsAndWhatToDoNext() {
    assertThat(tiebreak(train())).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("Validation loss")
        .contains("Everything is in " + run + ": the model in checkpoints/step-0000004")
        .contains("Next: tiebreak generate --run " + run);
    assertThat(err.toString()).contains("Training the baseline").contains("step 4/4");
    assertThat(run.resolve("summary.json")).exists();
  }

  @Test
  void anotherRunInTheFolderIsRefusedResumedOrReplaced() {
    tiebreak(train());
    assertRefused(
        "resume it, replace it, or choose another folder (--resume, --overwrite, --run)", train());
    assertThat(tiebreak(train("--resume"))).isEqualTo(ExitCode.OK);
    assertThat(tiebreak("train", "--run=" + run, "--resume")).isEqualTo(ExitCode.OK);
    assertRefused(
        "it has training.steps = 4, asked for is training.steps = 9",
        "train",
        "--run=" + run,
        "--resume",
        "--set=training.steps=9");
    assertRefused("mutually exclusive", train("--resume", "--overwrite"));
    assertThat(tiebreak(train("--overwrite", "--arm=both"))).isEqualTo(ExitCode.OK);
    assertThat(err.toString()).contains("Training the arm 'both'");
  }

  @Test
  void theUsualFolderIsNamedAfterPresetAndArm() {
    assertRefused(
        "in runs/tiny-gain to resume", "train", "--preset=tiny", "--arm=gain", "--resume");
    assertRefused("in runs/quick to resume", "train", "--resume");
  }

  @Test
  void wrongTextsAreRefusedAndLeaveNoRun() throws IOException {
    Files.writeString(text, "");
    assertRefused("is empty", train());
    Files.writeString(text, "short");
    assertRefused("one block needs 17", train());
    Files.write(text, new byte[] {'a', (byte) 0xFF});
    assertRefused("not UTF-8: byte 0xFF at offset 1", train());
    Files.delete(text);
    assertRefused("does not exist", train());
    assertThat(run).doesNotExist();
  }

  @Test
  void placesThatCannotBeWrittenAreNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(file.resolve("x").toString(), train("--run=" + file.resolve("x")));
    assertRefused(file.resolve("cache").toString(), train("--cache=" + file.resolve("cache")));
  }

  @Test
  void aLossThatIsNotANumberEndsTheRun() {
    assertRefused(
        "there is no checkpoint before it; try a lower optimizer.lr (now 1.0E30)",
        train("--set=optimizer.lr=1e30"));
  }

  @Test
  void helpShowsExamples() {
    assertThat(tiebreak("train", "--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Examples:").contains("--resume");
  }

  @Test
  @Timeout(60)
  void aSignalEndsTheRunWithACheckpoint() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                command(train("--set=training.steps=100000", "--set=checkpoint.every=0")))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Path metrics = run.resolve("metrics.jsonl");
    while (process.isAlive() && (!Files.exists(metrics) || Files.size(metrics) < 5000)) {
      Thread.sleep(20);
    }
    process.destroy(); // SIGTERM: handled as Ctrl-C is
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(128 + 15);
    assertThat(Files.readString(log))
        .contains("press Ctrl-C again")
        .contains("Stopped after step")
        .contains("Go on with: tiebreak train --run " + run + " --resume");
    Checkpoint checkpoint = new RunFolder(run).checkpoints().latest().orElseThrow();
    assertThat(checkpoint.step()).isPositive();
    assertThat(run.resolve(".lock")).doesNotExist();
  }

  private static List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String modules = System.getProperty("jdk.module.path");
    if (modules == null) {
      command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
      command.addAll(List.of("--add-modules", "jdk.incubator.vector", Main.class.getName()));
    } else {
      command.addAll(List.of("--module-path", modules));
      command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
      command.addAll(List.of("--enable-native-access=dev.tiebreak.bindings", "--module"));
      command.add("dev.tiebreak.trainer/" + Main.class.getName());
    }
    command.addAll(List.of(args));
    return command;
  }

  @Test
  void aTrainingThatCannotFitIsRefusedBeforeItsFolderIsMade() {
    assertRefused(
        "this training needs ",
        train(
            "--set=training.batch=20000",
            "--set=model.layers=64",
            "--set=model.channels=2048",
            "--set=model.sequence_length=64"));
    assertThat(err.toString()).contains("an estimate shows the parts (tiebreak estimate)");
    assertThat(run).doesNotExist();
  }
}
