package dev.tiebreak.trainer.study.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteLog;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.votes.StudyVotes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("slow")
class StudyPairsTest {
  private static final int TEXTS = 3 * 2 * 4; // prompts, completions, runs of h1
  private static final String MORE =
      """
      [comparison.again]
      treatment = "strong"
      control = "baseline"
      [comparison.aa]
      treatment = "baseline"
      control = "baseline"
      control_seed = "next"
      [comparison.same]
      treatment = "copy"
      control = "baseline"
      """;

  @TempDir static Path once;
  @TempDir Path folder;

  private static StudyFolder trained;

  @BeforeAll
  static void train() {
    trained = TrainedStudy.trained(once.resolve("study"), "");
  }

  private StudyFolder study(String name, String more) {
    return TrainedStudy.copy(trained, folder.resolve(name), more);
  }

  /** Counts, and dies after so many texts. */
  private static final class Watch implements PairsListener {
    private final int most;
    private final List<Integer> done = new ArrayList<>();

    Watch(int most) {
      this.most = most;
    }

    @Override
    public void status(String text) {}

    @Override
    public void written(int now, int total) {
      done.add(now);
      if (now >= most) {
        throw new IllegalStateException("killed");
      }
    }
  }

  private static PairsManifest make(StudyFolder study, Watch watch, int parallel, Salt salt) {
    return StudyPairs.make(
        Study.open(study.path()),
        new StudyPairs.Options(
            new Parallelism(Device.cpu(), 1, parallel),
            study.path().resolve(TrainedStudy.CACHE),
            Optional.ofNullable(salt),
            false),
        watch);
  }

  private static PairsManifest make(StudyFolder study) {
    return make(study, new Watch(Integer.MAX_VALUE), 1, SyntheticPairs.SALT);
  }

  private static void assertRefused(StudyFolder study, String... parts) {
    assertThatThrownBy(() -> make(study))
        .isInstanceOf(UserError.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  private static List<JsonNode> lines(Path file) {
    return TrainedStudy.text(file).lines().map(JsonMapper.shared()::readTree).toList();
  }

  @Test
  void theFilesBelongTogether() throws IOException {
    StudyFolder study = study("study", MORE);
    PairsManifest manifest = make(study);
    PairKey key = PairKey.read(study.key());
    assertThat(key.text()).isEqualTo(TrainedStudy.text(study.key()));
    assertThat(key.planHash()).isEqualTo(Sha256.of(study.plan()));
    assertThat(key.promptsHash()).isEqualTo(Sha256.of(study.prompts()));
    assertThat(key.pairsHash()).isEqualTo(Sha256.of(study.pairs()));
    JsonNode written = JsonMapper.shared().readTree(TrainedStudy.text(study.pairsManifest()));
    assertThat(written.get("pairs_sha256").asString()).isEqualTo(Sha256.of(study.pairs()));
    assertThat(written.get("key_sha256").asString()).isEqualTo(Sha256.of(study.key()));
    assertThat(manifest.comparisons())
        .containsExactly(
            entry("h1", new PairsManifest.Counts(12, 0, 0)),
            entry("again", new PairsManifest.Counts(12, 0, 0)),
            entry("aa", new PairsManifest.Counts(6, 0, 0)),
            entry("same", new PairsManifest.Counts(0, 0, 12)));
    assertThat(manifest.weights().get(new RunId("copy", 2)))
        .isEqualTo(manifest.weights().get(new RunId("baseline", 2)));
    assertThat(lines(study.pairs())).hasSize(30);
  }

  @Test
  void theKeyFindsEveryTextThatJudgesSee() {
    StudyFolder study = study("study", MORE);
    make(study);
    Map<String, String> texts = new HashMap<>(); // by arm, seed, prompt and number
    for (JsonNode line : lines(study.path().resolve("completions.jsonl"))) {
      String place = line.get("arm") + "|" + line.get("seed") + "|" + line.get("prompt");
      texts.put(place + "|" + line.get("completion"), line.get("text").asString());
    }
    assertThat(texts).as("no text is used twice").hasSize(2 * (12 + 12 + 6 + 12));
    Map<String, JsonNode> pairs = new HashMap<>();
    lines(study.pairs()).forEach(line -> pairs.put(line.get("pair").asString(), line));
    int shown = 0;
    for (KeyEntry entry : PairKey.read(study.key()).entries()) {
      assertThat(pairs.containsKey(entry.pair())).isEqualTo(entry.ruled().isEmpty());
      for (KeyEntry.Side side : List.of(entry.treatment(), entry.control())) {
        assertThat(side.temperature()).isEqualTo(0.8);
        assertThat(side.statistics().tokens()).isEqualTo(20);
        assertThat(side.id().isEmpty()).isEqualTo(entry.ruled().isPresent());
        if (entry.ruled().isEmpty()) {
          JsonNode pair = pairs.get(entry.pair());
          String where = side.left() ? "left" : "right";
          String place =
              Words.of(
                  "\"%s\"|%d|\"%s\"|%d",
                  side.run().arm(), side.run().seed(), entry.prompt(), entry.completion());
          assertThat(pair.get(where).asString()).isEqualTo(texts.get(place));
          assertThat(pair.get(where + "_id").asString()).isEqualTo(side.id().orElseThrow());
          assertThat(pair.get("prompt").asString()).isEqualTo(entry.prompt());
          shown++;
        }
      }
      assertThat(entry.treatment().left() && entry.control().left()).isFalse();
    }
    assertThat(shown).isEqualTo(2 * pairs.size());
  }

  @Test
  void equalWeightsAndTheSameRandomNumbersGiveEqualTexts() {
    StudyFolder study = study("study", MORE);
    make(study);
    assertThat(PairKey.read(study.key()).entries())
        .filteredOn(entry -> entry.comparison().equals("same"))
        .hasSize(12)
        .allSatisfy(entry -> assertThat(entry.ruled()).contains(KeyEntry.Rule.IDENTICAL));
  }

  @Test
  void keyAndCompletionsAreTheirOwnersAlone() throws IOException {
    StudyFolder study = study("study", "");
    make(study);
    if (Files.getFileStore(study.path()).supportsFileAttributeView("posix")) {
      for (Path file : List.of(study.key(), study.path().resolve("completions.jsonl"))) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(TrainedStudy.text(study.pairs()))
        .doesNotContain("strong", "baseline", "seed", "h1", "runs/", study.path().toString());
  }

  @Test
  void theSaltGivesTheSameBytesHoweverManyModelsWriteAtOnce() {
    StudyFolder one = study("one", MORE);
    StudyFolder two = study("two", MORE);
    make(one);
    make(two, new Watch(Integer.MAX_VALUE), 3, SyntheticPairs.SALT);
    assertThat(TrainedStudy.files(two)).isEqualTo(TrainedStudy.files(one));
    assertThat(TrainedStudy.text(two.path().resolve("completions.jsonl")))
        .isEqualTo(TrainedStudy.text(one.path().resolve("completions.jsonl")));
    StudyFolder other = study("other", MORE);
    make(other, new Watch(Integer.MAX_VALUE), 1, null);
    assertThat(TrainedStudy.text(other.pairs())).isNotEqualTo(TrainedStudy.text(one.pairs()));
  }

  @Test
  void afterAKillNothingIsLostAndTheBytesAreTheSame() throws IOException {
    StudyFolder whole = study("whole", "");
    StudyFolder killed = study("killed", "");
    make(whole, new Watch(Integer.MAX_VALUE), 1, null);
    Salt salt = PairKey.read(whole.key()).salt();
    assertThatThrownBy(() -> make(killed, new Watch(7), 1, salt)).hasMessage("killed");
    assertThat(killed.pairs()).doesNotExist();
    assertThatThrownBy(() -> PairKey.read(killed.key()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("begun but not finished");
    Files.writeString(
        killed.path().resolve("completions.jsonl"),
        "{\"arm\": \"strong\", \"te",
        StandardOpenOption.APPEND);
    Watch watch = new Watch(Integer.MAX_VALUE);
    make(killed, watch, 1, null); // the salt was kept
    assertThat(watch.done).hasSize(1 + TEXTS - 7).startsWith(7, 8).endsWith(TEXTS);
    assertThat(TrainedStudy.files(killed)).isEqualTo(TrainedStudy.files(whole));
    assertThat(TrainedStudy.text(killed.path().resolve("completions.jsonl")))
        .isEqualTo(TrainedStudy.text(whole.path().resolve("completions.jsonl")));
    Watch idle = new Watch(Integer.MAX_VALUE);
    make(killed, idle, 1, null);
    assertThat(idle.done).containsExactly(TEXTS);
    assertThat(TrainedStudy.files(killed)).isEqualTo(TrainedStudy.files(whole));
  }

  @Test
  void pairsThatMayBeJudgedAreNotReplaced() {
    StudyFolder study = study("study", "");
    make(study);
    List<String> before = TrainedStudy.files(study);
    Salt other = Salt.random();
    assertThatThrownBy(() -> make(study, new Watch(Integer.MAX_VALUE), 1, other))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has another salt")
        .hasMessageContaining("make all pairs anew");
    StudyFolder more = TrainedStudy.copy(study, folder.resolve("more"), MORE);
    assertRefused(more, more.key().toString(), "says something else", "make all pairs anew");
    assertThat(TrainedStudy.files(more)).isEqualTo(before);
    StudyPairs.Options overwrite =
        new StudyPairs.Options(
            new Parallelism(Device.cpu(), 1, 1),
            more.path().resolve(TrainedStudy.CACHE),
            Optional.empty(),
            true);
    StudyPairs.make(Study.open(more.path()), overwrite, new Watch(Integer.MAX_VALUE));
    assertThat(lines(more.pairs())).hasSize(30);
  }

  @Test
  void oneProcessAtATime() throws IOException {
    StudyFolder study = study("study", "");
    try (LockFile _ = new PairFiles(study, false).lock()) {
      assertRefused(study, "another process makes the pairs of " + study.path());
      assertThat(study.key()).doesNotExist();
    }
    make(study);
  }

  @Test
  void aLostFileIsMadeAgain() throws IOException {
    StudyFolder study = study("study", "");
    make(study, new Watch(Integer.MAX_VALUE), 1, null);
    List<String> before = TrainedStudy.files(study);
    Files.delete(study.pairs());
    Files.delete(study.pairsManifest());
    Files.delete(study.path().resolve("completions.jsonl"));
    make(study, new Watch(Integer.MAX_VALUE), 1, null);
    assertThat(TrainedStudy.files(study)).isEqualTo(before);
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    StudyFolder study = study("study", "");
    Files.delete(new RunFolder(study.run(new RunId("strong", 2))).summary());
    assertRefused(study, "1 of 4 runs are not complete: strong/seed-2", "train them first");
    StudyFolder nothing = study("nothing", "");
    String plan = TrainedStudy.text(nothing.plan());
    Files.writeString(nothing.plan(), plan.substring(0, plan.indexOf("[comparison.h1]")));
    assertRefused(nothing, nothing.plan().toString(), "compares nothing", "[comparison.h1]");
    StudyFolder changed = study("changed", "");
    Files.writeString(changed.plan(), plan.replace("gain.s = 1.5", "gain.s = 1.6"));
    assertRefused(changed, "was changed since these were trained: strong/seed-1, strong/seed-2");
    StudyFolder damaged = study("damaged", "");
    Files.writeString(damaged.path().resolve("completions.jsonl"), "{}\n");
    assertRefused(damaged, "completions.jsonl: line 1: ", "is missing", "remove those lines");
    StudyFolder noKey = study("noKey", "");
    Files.writeString(noKey.key(), "{}\n");
    assertRefused(noKey, noKey.key() + ": line 1: ", "restore it from a copy");
    Files.writeString(noKey.key(), "{\"salt\":\"5a\"}\n");
    assertRefused(noKey, noKey.key().toString(), "64 hexadecimal digits");
  }

  @Test
  void aDamagedModelStopsTheRestButKeepsWhatIsWritten() throws IOException {
    StudyFolder study = study("study", "");
    Path weights =
        new RunFolder(study.run(new RunId("strong", 2)))
            .checkpoints()
            .latest()
            .orElseThrow()
            .weights();
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, new byte[9]);
    assertRefused(study, weights.toString());
    int kept = lines(study.path().resolve("completions.jsonl")).size();
    assertThat(kept).isPositive().isLessThan(TEXTS);
    Files.write(weights, whole);
    Watch watch = new Watch(Integer.MAX_VALUE);
    make(study, watch, 1, null);
    assertThat(watch.done.getFirst()).isEqualTo(kept);
  }

  /** A key whose sides are exchanged turns 16 % into 84 %; a text changed in pairs is as bad. */
  @Test
  void noReportIsMadeWithAKeyOrPairsThatTheManifestDoesNotPin() throws IOException {
    StudyFolder study = study("swapped", "");
    make(study);
    JudgedPair pair = JudgedPair.read(study.pairs()).getFirst();
    try (VoteLog log = VoteLog.open(study.path().resolve(VoteLog.NAME))) {
      log.add(
          Vote.by("ann", JudgeKind.HUMAN, Choice.LEFT)
              .on(pair.prompt(), pair.pair())
              .sides(pair.leftId(), pair.rightId()));
    }
    assertThat(votes(study).input().votes()).hasSize(1);
    for (Path file : List.of(study.key(), study.pairs(), study.pairsManifest())) {
      String before = Files.readString(file);
      String changed =
          before
              .replace("treatment", "TREATMENT")
              .replace("control", "treatment")
              .replace("TREATMENT", "control");
      Files.writeString(file, changed.equals(before) ? before.replace("\n", " \n") : changed);
      if (!file.equals(study.pairsManifest())) {
        assertThatThrownBy(() -> votes(study))
            .isInstanceOf(UserError.class)
            .hasMessageContainingAll(file.toString(), "is not what", "pins down");
      }
      assertRefused(study, file.getFileName().toString());
      Files.writeString(file, before);
    }
    assertThat(votes(study).input().votes()).hasSize(1);
  }

  private static StudyVotes votes(StudyFolder study) {
    return StudyVotes.read(study.path(), Optional.empty(), Optional.empty(), _ -> {});
  }
}
