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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A study that is killed again and again ends with the bytes of one that is not. */
@Timeout(240)
class StudyInterruptionTest {
  private static final int KILLS = 10;
  private static final int STEPS = 60;
  private static final int EVERY = 2;
  private static final int MOST_STEPS = 40; // between two kills; 480 in all
  private static final int MOST_MILLIS = 20;

  @TempDir Path folder;

  @Test
  void tenKillsChangeNothing() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    TinyTraining tiny = new TinyTraining(folder);
    SmallStudy whole = SmallStudy.make(tiny, "whole", STEPS, EVERY);
    whole.does("run", "--exploratory").succeeded();
    SmallStudy killed = SmallStudy.make(tiny, "killed", STEPS, EVERY);
    SplittableRandom random = new SplittableRandom(1);
    for (int kill = 0; kill < KILLS; kill++) {
      long goal = steps(killed) + random.nextInt(MOST_STEPS);
      Process process =
          new ProcessBuilder(
                  TinyTraining.java(killed.command("run", "--exploratory", "--parallel=2")))
              .redirectOutput(folder.resolve("out").toFile())
              .redirectError(folder.resolve("err").toFile())
              .start();
      while (process.isAlive() && steps(killed) <= goal) {
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
