package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that end before their time go on to the same bytes. */
@Tag("slow")
@Timeout(120)
class InterruptionTest {
  private static final int STEPS = 400;

  /** Small enough that a hundred lines of metrics outgrow a checkpoint. */
  private static final String[] LONG = {
    "--set=training.steps=" + STEPS,
    "--set=model.channels=4",
    "--set=training.batch=1",
    "--set=checkpoint.every=20",
    "--set=checkpoint.keep=3",
    "--arm=both"
  };

  @TempDir Path folder;

  private TinyTraining tiny;
  private Path whole;

  @BeforeEach
  void trainWithoutInterruption() {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    tiny = new TinyTraining(folder);
    whole = folder.resolve("whole");
    Outcome.of(tiny.command("train", whole, LONG)).succeeded();
  }

  private Process start(List<String> prefix) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(TinyTraining.java(tiny.command("train", tiny.run(), LONG)));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private void waitForCheckpoint(Process process, long step) throws InterruptedException {
    while (process.isAlive() && !Files.exists(Runs.weights(tiny.run(), step))) {
      Thread.sleep(2);
    }
  }

  @Test
  void aKilledTrainingGoesOnToTheSameBytes() throws Exception {
    Process process = start(List.of());
    waitForCheckpoint(process, 40);
    process.destroyForcibly().waitFor();
    assertThat(Runs.checkpoint(tiny.run(), STEPS)).doesNotExist();
    Outcome.of(tiny.command("train", tiny.run(), LONG))
        .failedAtOnce("there is a run in " + tiny.run(), "--resume", "--overwrite");
    tiny.resume().succeeded();
    assertSameRun();
  }

  @Test
  void ctrlCLeavesACheckpointAndSaysHowToGoOn() throws Exception {
    assumeFalse(ignoresCtrlC(), "started in the background, where Ctrl-C is ignored");
    Process process = start(List.of());
    waitForCheckpoint(process, 20);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(folder.resolve("out")))
        .contains("Stopped after step ")
        .contains("Go on with: tiebreak train --run " + tiny.run() + " --resume");
    assertThat(Files.readString(folder.resolve("err"))).contains("press Ctrl-C again");
    tiny.resume().succeeded();
    assertSameRun();
  }

  /**
   * Whether this process was started to ignore SIGINT, as its children are then; by Linux's word.
   */
  private static boolean ignoresCtrlC() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }

  /** A limit on the size of files meets a growing file as a full disk does, also as root. */
  @Test
  void aDiskThatTakesNoMoreIsSaidAndTheRunGoesOnWhenItDoes() throws Exception {
    String limited = "ulimit -f 80; exec \"$@\""; // in blocks of 512 bytes
    Process process = start(List.of("/bin/sh", "-c", limited, "sh"));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Outcome outcome =
        new Outcome(
            process.exitValue(),
            Files.readString(folder.resolve("out")),
            Files.readString(folder.resolve("err")));
    outcome.failed(
        "cannot write the metrics",
        "metrics.jsonl",
        "training stopped after step",
        "the last good checkpoint is " + tiny.run(),
        "resume from there (--resume)");
    tiny.resume().succeeded();
    assertSameRun();
  }

  private void assertSameRun() throws IOException {
    for (long step = STEPS - 40; step <= STEPS; step += 20) {
      Runs.assertSameCheckpoint(tiny.run(), whole, step);
    }
    assertThat(steps(tiny.run())).isEqualTo(steps(whole)).hasSize(STEPS + STEPS / 4 + 1);
    try (var left = Files.list(tiny.run().resolve("checkpoints"))) {
      assertThat(left).as("no leftovers").hasSize(3);
    }
  }

  /** The lines of the metrics but for their times. */
  private static List<String> steps(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceFirst(",\"timing\":.*", ""))
        .toList();
  }
}
