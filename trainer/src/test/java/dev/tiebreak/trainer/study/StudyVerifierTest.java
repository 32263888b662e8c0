package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.Verdict.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StudyVerifierTest {
  private static final RunId BASELINE = new RunId("baseline", 1);
  private static final RunId BOTH = new RunId("both", 1);

  @TempDir static Path root; // of all studies, which share a text

  private static int studies;

  private final TinyStudy tiny = new TinyStudy(root);
  private Study study;

  @BeforeAll
  static void train() {
    TinyStudy once = new TinyStudy(root);
    once.run(once.register(once.make("trained")), 2);
  }

  /** Takes a study that was registered and run elsewhere. */
  @BeforeEach
  void copy() throws IOException {
    Path to = tiny.make("study-" + ++studies).folder().path(); // with the text as it was
    Path from = root.resolve("trained");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    study = Study.open(to);
  }

  private List<Verdict> verify() {
    Study now = Study.openChanged(study.folder().path());
    try (Dataset data = now.anyData(root.resolve("cache"), _ -> {})) {
      return new StudyVerifier(now, data).verify();
    }
  }

  private List<String> failures() {
    return verify().stream()
        .filter(verdict -> verdict.result() == Result.FAILED)
        .map(verdict -> verdict.subject() + ": " + verdict.what())
        .toList();
  }

  private Path run(RunId run) {
    return study.folder().run(run);
  }

  @Test
  void everythingHoldsInAStudyThatWasLeftAlone() {
    List<Verdict> verdicts = verify();
    assertThat(failures()).isEmpty();
    assertThat(verdicts)
        .filteredOn(verdict -> verdict.subject().equals(BOTH.toString()))
        .extracting(Verdict::what)
        .containsExactly(
            "configuration",
            "config.toml",
            "text",
            "tokenizer.json",
            "data order",
            "initial weights",
            "program",
            "times",
            "final weights",
            "losses");
    assertThat(verdicts)
        .filteredOn(verdict -> verdict.subject().equals("study"))
        .extracting(Verdict::what)
        .containsExactly(
            "registration", "plan", "prompts", "configurations", "text", "tokens", "program");
  }

  @Test
  void aFlippedByteInACheckpointIsFound() throws IOException {
    Path weights = run(BOTH).resolve("checkpoints/step-0000006/weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 100] ^= 1;
    Files.write(weights, bytes);
    assertThat(failures()).containsExactly("both/seed-1: final weights");
    bytes[20] ^= 1; // in the header
    Files.write(weights, bytes);
    assertThat(failures()).containsExactly("both/seed-1: final weights");
    Files.delete(weights);
    assertThat(failures()).containsExactly("both/seed-1: final weights");
  }

  private void swap(RunId a, RunId b) throws IOException {
    Path aside = study.folder().path().resolve("aside");
    Files.move(run(a), aside);
    Files.move(run(b), run(a));
    Files.move(aside, run(b));
  }

  @Test
  void swappedFoldersAreFound() throws IOException {
    swap(BASELINE, BOTH);
    assertThat(failures())
        .containsExactly("baseline/seed-1: configuration", "both/seed-1: configuration");
    swap(BASELINE, BOTH);
    assertThat(failures()).isEmpty();
    swap(BASELINE, new RunId("baseline", 2));
    assertThat(failures())
        .contains(
            "baseline/seed-1: configuration",
            "baseline/seed-1: data order",
            "both/seed-1: initial weights",
            "baseline/seed-2: configuration",
            "baseline/seed-2: data order");
  }

  @Test
  void anEditedPlanIsFound() {
    tiny.replace(study.folder().plan(), "warmup = 2", "warmup = 1");
    assertThat(failures())
        .contains("study: plan", "study: configurations", "both/seed-2: configuration")
        .doesNotContain("study: prompts", "both/seed-2: final weights");
  }

  @Test
  void editedPromptsTextsConfigurationsAndTokenizersAreFound() throws IOException {
    tiny.replace(study.folder().prompts(), "quick", "slow");
    tiny.replace(run(BOTH).resolve("config.toml"), "beta2", "beta3");
    Files.writeString(run(BASELINE).resolve("tokenizer.json"), "{}");
    assertThat(failures())
        .containsExactly(
            "study: prompts", "baseline/seed-1: tokenizer.json", "both/seed-1: config.toml");
    tiny.replace(root.resolve("text.txt"), "lazy", "busy");
    assertThat(failures()).contains("study: text", "study: tokens", "both/seed-2: text");
  }

  @Test
  void anotherProgramAndSeedsThatStartEqualAreFound() {
    Path manifest = run(BOTH).resolve("manifest.json");
    String code = study.registration().orElseThrow().current().code().sha256();
    tiny.replace(manifest, "\"" + code, "\"other" + code);
    assertThat(failures()).containsExactly("both/seed-1: program");
    for (RunId second : study.plan().runs().subList(2, 4)) {
      tiny.replace(
          run(second).resolve("manifest.json"), initial(run(second)), initial(run(BASELINE)));
    }
    assertThat(failures())
        .containsExactly(
            "both/seed-1: program",
            "baseline/seed-2: initial weights",
            "both/seed-2: initial weights");
  }

  private static String initial(Path run) {
    try {
      return Files.readString(run.resolve("manifest.json"))
          .replaceFirst("(?s).*\"initial_weights_sha256\" : \"(\\w+)\".*", "$1");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pairsAreCheckedWhereThereAreSome() throws IOException {
    Files.writeString(study.folder().pairs(), "pairs");
    String summary = Files.readString(run(BOTH).resolve("summary.json"));
    String weights = summary.replaceFirst("(?s).*\"weights_sha256\" : \"(\\w+)\".*", "$1");
    Files.writeString(
        study.folder().pairsManifest(),
        Words.of(
            """
            {"plan_sha256": "%s", "prompts_sha256": "1", "pairs_sha256": "%s", "key_sha256": "0",
             "comparisons": {}, "weights_sha256": {"both/seed-1": "%s"}}
            """,
            Sha256.of(study.folder().plan()), Sha256.of("pairs"), weights));
    assertThat(verify())
        .filteredOn(verdict -> verdict.subject().equals("pairs"))
        .extracting(Verdict::what, Verdict::result)
        .containsExactly(
            tuple("pairs.jsonl", Result.OK),
            tuple("key.jsonl", Result.NOTE),
            tuple("plan", Result.OK),
            tuple("of both/seed-1", Result.OK));
    Files.writeString(study.folder().pairs(), "other pairs");
    Files.writeString(study.folder().key(), "a key");
    assertThat(failures()).containsExactly("pairs: pairs.jsonl", "pairs: key.jsonl");
  }

  @Test
  void whatIsNotDoneYetIsNoFailure() throws IOException {
    Files.delete(run(BOTH).resolve("summary.json"));
    Files.move(run(new RunId("both", 2)), study.folder().path().resolve("gone"));
    Files.move(run(new RunId("baseline", 2)), study.folder().run(new RunId("old", 2)).getParent());
    assertThat(failures()).isEmpty();
    assertThat(verify())
        .extracting(verdict -> verdict.subject() + ": " + verdict.detail())
        .contains("both/seed-1: not yet", "both/seed-2: not begun", "baseline/seed-2: not begun");
  }

  /** In the summary and in the log, as somebody would who knows of both. */
  @Test
  void aLossThatWasMadeLowerIsFound() throws IOException {
    Path summary = run(BOTH).resolve("summary.json");
    double loss = RunSummary.load(summary).valLoss();
    String was = Double.toString(loss);
    String lower = Double.toString(loss - 0.5);
    tiny.replace(summary, was, lower);
    assertThat(failures()).containsExactly("both/seed-1: losses");
    tiny.replace(run(BOTH).resolve("metrics.jsonl"), was, lower);
    assertThat(failures()).containsExactly("both/seed-1: losses");
    Path examination = run(BOTH).resolve("examination.json");
    double examined = Examination.load(examination).loss();
    tiny.replace(examination, Double.toString(examined), Double.toString(examined - 0.5));
    assertThat(failures()).containsExactly("both/seed-1: losses");
  }

  /** The runs are moved away, what they showed is registered, and they are moved back. */
  @Test
  void aRegistrationThatIsMadeAnewAfterTheRunsIsFound() throws Exception {
    Path aside = Files.move(study.folder().runs(), study.folder().path().resolve("aside"));
    Files.delete(study.folder().path().resolve("registration.json"));
    Thread.sleep(1100); // times are in seconds
    tiny.register(Study.open(study.folder().path()));
    try (Stream<Path> made = Files.list(study.folder().path())) {
      assertThat(made).doesNotContain(study.folder().runs());
    }
    Files.move(aside, study.folder().runs());
    assertThat(failures())
        .containsExactlyInAnyOrder(
            "baseline/seed-1: times",
            "both/seed-1: times",
            "baseline/seed-2: times",
            "both/seed-2: times");
  }
}
