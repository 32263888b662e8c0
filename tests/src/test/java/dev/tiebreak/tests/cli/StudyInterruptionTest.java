package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A study that is killed again and again ends with the bytes of one that is not. */
@Tag("slow")
@Timeout(240)
class StudyInterruptionTest {
  private static final int KILLS = 10;
  private static final int STEPS = 48;
  private static final int EVERY = 4;
  private static final int MOST_STEPS = 32; // between two kills; 384 in all
  private static final int MOST_MILLIS = 20;
  private static final int MOST_MILLIS_EARLY = 1000;

  @TempDir static Path folder;

  private static TinyTraining tiny;
  private static SmallStudy whole;

  @BeforeAll
  static void runWithoutInterruption() {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    tiny = new TinyTraining(folder);
    whole = SmallStudy.make(tiny, "whole", STEPS, EVERY);
    whole.does("run", "--exploratory").succeeded();
  }

  @Test
  void tenKillsChangeNothing() throws Exception {
    SmallStudy killed = SmallStudy.make(tiny, "killed", STEPS, EVERY);
    SplittableRandom random = new SplittableRandom(1);
    for (int kill = 0; kill < KILLS; kill++) {
      boolean early = kill % 4 == 3; // before there is much to see
      long goal = early ? Long.MAX_VALUE : steps(killed) + random.nextInt(MOST_STEPS);
      long most = early ? random.nextInt(MOST_MILLIS_EARLY) : Long.MAX_VALUE;
      long begin = System.currentTimeMillis();
      Process process = start(killed);
      while (process.isAlive()
          && steps(killed) <= goal
          && System.currentTimeMillis() - begin < most) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(MOST_MILLIS));
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("err"))).isTrue();
      process.destroyForcibly().waitFor();
    }
    assertThat(steps(killed)).isLessThan(8L * STEPS);
    killed.doesAlone("run", "--exploratory").succeeded();
    for (int i = 0; i < whole.runs().size(); i++) {
      assertSame(killed.runs().get(i), whole.runs().get(i));
    }
    assertThat(killed.doesAlone("verify").succeeded().out()).contains("checks hold.\n");
  }

  private static Process start(SmallStudy study) throws IOException {
    return new ProcessBuilder(
            TinyTraining.java(study.command("run", "--exploratory", "--parallel=2")))
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  @Test
  void processesShareAStudyAndCtrlCLeavesCheckpoints() throws Exception {
    SmallStudy shared = SmallStudy.make(tiny, "shared", STEPS, EVERY);
    Process first = start(shared);
    Process second = start(shared);
    while (first.isAlive() && second.isAlive() && steps(shared) < 2 * EVERY) {
      Thread.sleep(1);
    }
    new ProcessBuilder("kill", "-TERM", Long.toString(first.pid())).start().waitFor();
    assertThat(first.waitFor()).isEqualTo(128 + 15);
    assertThat(second.waitFor()).isZero();
    shared.doesAlone("run", "--exploratory").succeeded();
    for (int i = 0; i < whole.runs().size(); i++) {
      assertSame(shared.runs().get(i), whole.runs().get(i));
    }
  }

  /** Steps in the latest checkpoints of all runs together. */
  private static long steps(SmallStudy study) {
    return study.runs().stream().mapToLong(StudyInterruptionTest::steps).sum();
  }

  private static long steps(Path run) {
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      return checkpoints
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .mapToLong(name -> Long.parseLong(name.substring(5)))
          .max()
          .orElse(0);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertSame(Path actual, Path expected) throws IOException {
    for (int step = STEPS - EVERY; step <= STEPS; step += EVERY) {
      Runs.assertSameCheckpoint(actual, expected, step);
    }
    for (String file : List.of("config.toml", "tokenizer.json")) {
      assertThat(actual.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
    }
    assertThat(metrics(actual)).isEqualTo(metrics(expected));
    try (Stream<Path> left = Files.list(actual.resolve("checkpoints"))) {
      assertThat(left).as("no leftovers").hasSize(2);
    }
  }

  /** The lines of the metrics but for their times. */
  private static List<String> metrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceFirst(",\"timing\":.*", ""))
        .toList();
  }
}
