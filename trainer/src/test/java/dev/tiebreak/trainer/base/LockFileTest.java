package dev.tiebreak.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private Path file() {
    return folder.resolve(".lock");
  }

  /** What another process says that tries to take the lock: held or busy. */
  private String other() throws IOException, URISyntaxException {
    String classes =
        Stream.of(LockFile.class, LockHolder.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes,
                LockHolder.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return out.readLine();
  }

  @Test
  void oneThreadAtATime() {
    try (LockFile _ = LockFile.tryTake(file()).orElseThrow()) {
      assertThat(LockFile.tryTake(file())).isEmpty();
      assertThat(LockFile.tryTake(folder.resolve("../" + folder.getFileName() + "/.lock")))
          .isEmpty();
    }
    assertThat(file()).doesNotExist();
    LockFile.tryTake(file()).orElseThrow().close();
  }

  @Test
  void aLinkLeadsToTheSameLock() throws IOException {
    Path link = folder.resolveSibling(folder.getFileName() + "-link");
    Files.createSymbolicLink(link, folder);
    try (LockFile _ = LockFile.take(file())) {
      assertThat(LockFile.tryTake(link.resolve(".lock"))).isEmpty();
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void whoeverWaitsHasItNext() throws Exception {
    int threads = 8;
    int turns = 50;
    int[] counter = new int[1]; // guarded by the lock alone
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(() -> {
              for (int turn = 0; turn < turns; turn++) {
                try (LockFile _ = LockFile.take(file())) {
                  counter[0]++;
                }
              }
            }));
      }
      for (Future<?> one : all) {
        one.get(1, TimeUnit.MINUTES);
      }
    }
    assertThat(counter[0]).isEqualTo(threads * turns);
    assertThat(file()).doesNotExist();
  }

  @Test
  void oneProcessAtATime() throws Exception {
    try (LockFile _ = LockFile.take(file())) {
      assertThat(LockFile.tryTake(file())).as("asked by another thread meanwhile").isEmpty();
      assertThat(other()).as("the lock was not lost by that").isEqualTo("busy");
    }
    assertThat(other()).isEqualTo("held");
    assertThat(LockFile.tryTake(file())).isEmpty();
    assertThat(other()).isEqualTo("busy");
  }

  @Test
  void aKilledProcessHoldsNothing() throws Exception {
    assertThat(other()).isEqualTo("held");
    processes.getFirst().destroyForcibly().waitFor();
    assertThat(file()).exists();
    LockFile.tryTake(file()).orElseThrow().close();
    assertThat(file()).doesNotExist();
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path nowhere = folder.resolve("no/.lock");
    assertThatThrownBy(() -> LockFile.tryTake(nowhere))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(nowhere.toString(), "no such file");
  }
}
