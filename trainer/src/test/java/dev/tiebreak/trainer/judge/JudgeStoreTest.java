package dev.tiebreak.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.Links.Link;
import dev.tiebreak.trainer.judge.Sitting.Answer;
import dev.tiebreak.trainer.judge.Sitting.Begun;
import dev.tiebreak.trainer.judge.Sitting.Phase;
import dev.tiebreak.trainer.judge.Sitting.Questions;
import dev.tiebreak.trainer.judge.Sitting.Taken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeStoreTest {
  private static final Questions NOTHING = new Questions("", "", "");
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final int ITEMS = 6;
  private static final int TOTAL = 8;

  @TempDir Path folder;

  private PairsFile pairs;
  private JudgeStore store;
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");
  private int keys;

  @BeforeEach
  void open() {
    pairs = Pairs.file(folder, 8, 1);
    store = open(Pairs.settings(1, ITEMS, 1, 1));
  }

  private JudgeStore open(JudgeSettings settings) {
    Clock clock = InstantSource.system().withZone(ZoneOffset.UTC);
    Clock ours =
        new Clock() {
          @Override
          public java.time.ZoneId getZone() {
            return clock.getZone();
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now;
          }
        };
    return JudgeStore.open(folder.resolve(JudgeStore.NAME), pairs, settings, ours);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Link invite() {
    return store.links().find(store.inviteJudges(1, JudgeRole.READER).getFirst()).orElseThrow();
  }

  private Sitting begin(Link link) {
    return store.sittings().begin(link, "", NOTHING, KEY).sitting();
  }

  private static Answer answer(int item, String choice, String key) {
    return new Answer(item, choice, 1500, 1_000_000, "desktop", key);
  }

  private Taken answer(Link link, int item, String choice) {
    return store
        .sittings()
        .answer(link, answer(item, choice, Words.of("%032x", ++keys)))
        .orElseThrow();
  }

  @Test
  void aSittingGoesFromWelcomeToThanks() {
    Link link = invite();
    assertThat(store.sittings().look(link).phase()).isEqualTo(Phase.WELCOME);
    Sitting sitting = begin(link);
    assertThat(begin(link)).as("begun twice").isEqualTo(sitting);
    assertThat(sitting.total()).isEqualTo(TOTAL);
    assertThat(sitting.items()).hasSize(2);
    for (int i = 1; i <= TOTAL; i++) {
      assertThat(sitting.phase()).isEqualTo(Phase.JUDGING);
      assertThat(sitting.items().getFirst().item()).isEqualTo(i);
      Taken taken = answer(link, i, i % 2 == 0 ? "LEFT" : "SAME");
      assertThat(taken.accepted()).isTrue();
      sitting = taken.sitting();
    }
    assertThat(sitting.phase()).isEqualTo(Phase.DONE);
    assertThat(sitting.counts()).isEqualTo(new Sitting.Counts(4, 0, 4, 0, 1500L * TOTAL));
    JudgeStatus status = store.status();
    assertThat(status.given()).isEqualTo(ITEMS);
    assertThat(status.planned()).isEqualTo(8);
    assertThat(status.pairs()).containsExactly(2, ITEMS);
    assertThat(status.judges().getFirst().medianMs()).hasValue(1500);
  }

  @Test
  void theSameAnswerCountsOnceHoweverOftenItComes() {
    Link link = invite();
    begin(link);
    for (int i = 0; i < 3; i++) {
      Taken taken = store.sittings().answer(link, answer(1, "LEFT", KEY)).orElseThrow();
      assertThat(taken.accepted()).isTrue();
      assertThat(taken.sitting().answered()).isEqualTo(1);
    }
    Taken other = answer(link, 1, "RIGHT");
    assertThat(other.accepted()).as("another answer for the same pair").isFalse();
    assertThat(other.sitting().counts().left()).isEqualTo(1);
    Link stranger = invite();
    begin(stranger);
    assertThat(store.sittings().answer(stranger, answer(1, "LEFT", KEY)))
        .as("somebody else's key")
        .isEmpty();
    assertThat(store.sittings().answer(link, answer(99, "LEFT", "f".repeat(32)))).isEmpty();
  }

  @Test
  void undoTakesBackTheLastAnswerOnly() {
    Link link = invite();
    begin(link);
    answer(link, 1, "LEFT");
    answer(link, 2, "LEFT");
    assertThat(store.sittings().undo(link, 1).orElseThrow().answered())
        .as("not the last")
        .isEqualTo(2);
    for (int i = 0; i < 2; i++) { // sent twice
      Sitting sitting = store.sittings().undo(link, 2).orElseThrow();
      assertThat(sitting.answered()).isEqualTo(1);
      assertThat(sitting.items().getFirst().item()).isEqualTo(2);
      assertThat(sitting.undo()).isEqualTo(OptionalInt.of(1));
    }
    Taken again = answer(link, 2, "RIGHT");
    assertThat(again.accepted()).isTrue();
    assertThat(again.sitting().counts()).isEqualTo(new Sitting.Counts(1, 1, 0, 0, 3000));
    assertThat(store.status().judges().getFirst().undone()).isEqualTo(1);
  }

  /** Eight pairs, one judgment each, six for a judge. */
  private void beginAnew() throws IOException {
    store.close();
    Files.delete(folder.resolve(JudgeStore.NAME));
    store = open(Pairs.settings(1, ITEMS, 0, 0));
  }

  private Sitting finish(Link link) {
    Sitting sitting = store.sittings().look(link);
    while (sitting.phase() == Phase.JUDGING) {
      sitting = answer(link, sitting.items().getFirst().item(), "SAME").sitting();
    }
    return sitting;
  }

  @Test
  void whatWasAbandonedIsHandedToOthersAndNotTwice() throws IOException {
    beginAnew();
    Link silent = invite();
    assertThat(begin(silent).total()).isEqualTo(ITEMS);
    answer(silent, 1, "LEFT");
    Link second = invite();
    assertThat(begin(second).total()).as("what is left of eight").isEqualTo(2);
    Link third = invite();
    assertThat(begin(third).phase()).isEqualTo(Phase.WAITING);
    now = now.plus(Duration.ofHours(12));
    assertThat(store.sittings().look(third).phase()).isEqualTo(Phase.WAITING);
    store.sittings().look(second);
    now = now.plus(Duration.ofHours(13));
    assertThat(store.sittings().look(third).total()).as("less the answered one").isEqualTo(5);
    Taken late = answer(silent, 2, "LEFT");
    assertThat(late.accepted()).as("others have that pair now").isFalse();
    assertThat(late.sitting().phase()).isEqualTo(Phase.DONE);
    for (Link link : new Link[] {silent, second, third}) {
      assertThat(finish(link).phase()).isEqualTo(Phase.DONE);
    }
    assertThat(store.status().given()).isEqualTo(8);
    assertThat(store.status().pairs()).containsExactly(0, 8);
  }

  @Test
  void aLateAnswerCountsWhereNobodyElseWasGivenThePair() throws IOException {
    beginAnew();
    Link silent = invite();
    begin(silent);
    now = now.plus(Duration.ofHours(30));
    Link second = invite();
    assertThat(begin(second).total()).isEqualTo(ITEMS); // two others and four that were released
    int accepted = 0;
    for (int item = 1; item <= ITEMS; item++) {
      accepted += answer(silent, item, "LEFT").accepted() ? 1 : 0;
    }
    assertThat(accepted).isEqualTo(2);
    finish(second);
    assertThat(store.status().pairs()).containsExactly(0, 8);
  }

  @Test
  void anOpenLinkTakesAsManyAsItsCap() {
    String token = store.inviteOpen(2, JudgeRole.READER);
    Link open = store.links().find(token).orElseThrow();
    Begun first = store.sittings().begin(open, token, NOTHING, KEY);
    assertThat(store.sittings().begin(open, token, NOTHING, KEY).token())
        .as("sent twice")
        .isEqualTo(first.token())
        .isNotEqualTo(token);
    Begun second = store.sittings().begin(open, token, NOTHING, "a".repeat(32));
    assertThat(second.token()).isNotEqualTo(first.token());
    assertThat(store.sittings().begin(open, token, NOTHING, "b".repeat(32)).sitting().phase())
        .isEqualTo(Phase.FULL);
    assertThat(store.sittings().look(open).phase()).isEqualTo(Phase.FULL);
    assertThat(store.status().judges()).hasSize(2);
    assertThat(store.status().links().getFirst().begun()).isEqualTo(2);
  }

  @Test
  void aRevokedLinkOpensNothing() {
    String token = store.inviteJudges(1, JudgeRole.READER).getFirst();
    assertThat(store.links().find(token)).isPresent();
    store.revoke("https://judge.example.org/j/" + token);
    assertThatThrownBy(() -> store.revoke(token)).hasMessageContaining("no link that works");
    assertThat(store.links().find(token)).isEmpty();
    String second = store.inviteJudges(1, JudgeRole.READER).getFirst();
    store.revoke("2");
    assertThat(store.links().find(second)).isEmpty();
    assertThat(store.links().find("' OR 1=1 --")).isEmpty();
  }

  @Test
  void linksOfAFileWithoutRolesAreReaders() {
    String token = store.inviteJudges(1, JudgeRole.PAID).getFirst();
    assertThat(store.links().find(token).orElseThrow().role()).isEqualTo(JudgeRole.PAID);
    store.close();
    try (Database old = Database.open(folder.resolve(JudgeStore.NAME))) {
      old.call(sql -> {
        sql.execute("ALTER TABLE links DROP COLUMN role");
        sql.execute("PRAGMA user_version = 1");
        return null;
      });
    }
    store = open(Pairs.settings(1, ITEMS, 1, 1));
    assertThat(store.links().find(token).orElseThrow().role()).isEqualTo(JudgeRole.READER);
    assertThat(store.links().find(store.inviteOpen(2, JudgeRole.AUTHOR)).orElseThrow().role())
        .isEqualTo(JudgeRole.AUTHOR);
  }

  @Test
  void anotherProcessSeesWhatIsWrittenAndNoTokenIsKept() throws IOException {
    Link link = invite();
    String token = store.inviteOpen(1, JudgeRole.READER);
    begin(link);
    answer(link, 1, "LEFT");
    try (JudgeStore other = open(Pairs.settings(9, 9, 9, 9))) {
      assertThat(other.settings()).as("those it was begun with").isEqualTo(store.settings());
      assertThat(other.status()).isEqualTo(store.status());
      assertThat(other.links().find(token)).isPresent();
    }
    store.close();
    byte[] file = Files.readAllBytes(folder.resolve(JudgeStore.NAME));
    assertThat(new String(file, StandardCharsets.ISO_8859_1))
        .doesNotContain(token)
        .contains(Tokens.hash(token));
    store = open(Pairs.settings(1, ITEMS, 1, 1));
  }

  @Test
  void otherPairsAndOtherFilesAreRefused() throws IOException {
    Files.writeString(
        folder.resolve(PairsFile.NAME), "\n", StandardOpenOption.APPEND); // one byte more
    PairsFile changed = PairsFile.read(folder.resolve(PairsFile.NAME));
    JudgeSettings settings = Pairs.settings(1, 1, 0, 0);
    Path database = folder.resolve(JudgeStore.NAME);
    assertThatThrownBy(() -> JudgeStore.open(database, changed, settings))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("pairs were changed");
    Path text =
        Files.writeString(folder.resolve("text.db"), "this is no database at all".repeat(99));
    assertThatThrownBy(() -> JudgeStore.open(text, pairs, settings))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("text.db");
  }
}
