package dev.tiebreak.trainer.ballot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteLogTest {
  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve(VoteLog.NAME);
  }

  private static Vote vote(String judge, String pair) {
    return Vote.by(judge, JudgeKind.SCRIPTED, Choice.LEFT).on("p", pair).sides("a", "b");
  }

  @Test
  void votesAreThereAfterAKillInTheMiddleOfALine() throws IOException {
    try (VoteLog log = VoteLog.open(file)) {
      log.add(vote("j", "1"));
      log.addAll(List.of(vote("j", "2"), vote("k", "1")));
    }
    Files.writeString(file, "{\"judge\":\"j\",", StandardOpenOption.APPEND);
    try (VoteLog log = VoteLog.open(file)) {
      assertThat(log.votes()).containsExactly(vote("j", "1"), vote("j", "2"), vote("k", "1"));
      log.add(vote("k", "2"));
      assertThat(log.done())
          .containsExactlyInAnyOrder(
              new VoteId("j", "1", false),
              new VoteId("j", "2", false),
              new VoteId("k", "1", false),
              new VoteId("k", "2", false));
    }
    assertThat(Votes.read(file)).hasSize(4);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aTableThatSpellsWhatIsThereInAnotherWayIsRefusedAndHarmsNothing() throws IOException {
    try (VoteLog log = VoteLog.open(file)) {
      log.add(vote("Ann", "1"));
      assertThatThrownBy(() -> log.addTable(List.of(vote("bob", "2"), vote("ann", "3"))))
          .isInstanceOf(UserError.class)
          .hasMessageContainingAll("line 2", "\"ann\" was \"Ann\"", "no vote was added");
    }
    try (VoteLog log = VoteLog.open(file)) {
      log.add(vote("ann", "3")); // by the page itself: whatever is in the file can be read
      assertThat(log.votes()).hasSize(2);
    }
    try (VoteLog log = VoteLog.open(file)) {
      assertThat(log.votes()).hasSize(2);
    }
  }

  @Test
  void noVoteIsAddedTwiceAndNoneOfAWrongBatch() throws IOException {
    try (VoteLog log = VoteLog.open(file)) {
      log.add(vote("j", "1"));
      String before = Files.readString(file);
      assertThatThrownBy(() -> log.addAll(List.of(vote("j", "2"), vote("j", "1"))))
          .isInstanceOf(UserError.class)
          .hasMessageContainingAll("judge j on pair 1 is there already", "no vote was added");
      assertThatThrownBy(() -> log.addAll(List.of(vote("j", "2"), vote("j", "2"))))
          .hasMessageContaining("judge j on pair 2 is added twice");
      assertThat(log.votes()).hasSize(1);
      assertThat(Files.readString(file)).isEqualTo(before);
      log.add(vote("j", "1").swappedOf("1")); // its repeat is another vote
      assertThat(log.votes()).hasSize(2);
    }
  }

  @Test
  void oneProcessWritesAtATime() {
    try (VoteLog log = VoteLog.open(file)) {
      log.add(vote("j", "1"));
      assertThatThrownBy(() -> VoteLog.open(file)).hasMessageContaining("another process writes");
    }
    VoteLog.open(file).close();
  }

  @Test
  void aDamagedLineIsToldAndFreesTheFile() throws IOException {
    Files.writeString(file, "{\"judge\":\"j\"}\n");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> VoteLog.open(file)).hasMessageContaining("line 1: ");
    }
  }

  @Test
  void manyThreadsMayAdd() throws Exception {
    try (VoteLog log = VoteLog.open(file);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        String judge = "j" + i;
        threads.submit(() -> log.add(vote(judge, "1")));
      }
    }
    assertThat(Votes.read(file)).hasSize(50);
  }
}
