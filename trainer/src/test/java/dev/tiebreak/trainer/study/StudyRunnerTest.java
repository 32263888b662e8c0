package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener;
import dev.tiebreak.trainer.study.RunEnd.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StudyRunnerTest {
  private static final List<String> FILES =
      List.of("weights.safetensors", "optimizer.safetensors", "state.json");

  @TempDir Path root;

  private TinyStudy tiny() {
    return new TinyStudy(root);
  }

  private static void assertSame(Study actual, Study expected) {
    for (RunId run : expected.plan().runs()) {
      for (String step : List.of("step-0000003", "step-0000006")) {
        for (String file : FILES) {
          Path in = Path.of("checkpoints", step, file);
          assertThat(actual.folder().run(run).resolve(in))
              .hasSameBinaryContentAs(expected.folder().run(run).resolve(in));
        }
      }
    }
  }

  @Test
  void trainingsAtOnceComeToTheBytesOfTrainingsInTurn() {
    Study inTurn = tiny().make("in-turn");
    Study atOnce = tiny().make("at-once");
    assertThat(tiny().run(inTurn, 1)).allMatch(end -> end.kind() == Kind.TRAINED);
    assertThat(tiny().run(atOnce, 4))
        .extracting(RunEnd::run)
        .containsExactlyElementsOf(inTurn.plan().runs());
    assertSame(atOnce, inTurn);
  }

  @Test
  void runsOneByOneAreTheRunsOfAll() {
    Study all = tiny().make("all");
    Study single = tiny().make("single");
    tiny().run(all, 1);
    for (RunId run : single.plan().runs().reversed()) {
      assertThat(tiny().run(single, List.of(run), 1, StudyListener.NONE))
          .containsExactly(new RunEnd(run, Kind.TRAINED));
    }
    assertSame(single, all);
  }

  @Test
  void whatIsCompleteIsNotTouched() throws IOException {
    Study study = tiny().make("study");
    tiny().run(study, 2);
    Path weights = study.folder().run(study.plan().runs().getFirst()).resolve("summary.json");
    FileTime written = Files.getLastModifiedTime(weights);
    assertThat(tiny().run(study, 2)).allMatch(end -> end.kind() == Kind.WAS_COMPLETE);
    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
  }

  /** Asks for a stop in the fourth step of the second run. */
  @Test
  void aStopLeavesCheckpointsToGoOnFrom() {
    Study whole = tiny().make("whole");
    Study study = tiny().make("study");
    tiny().run(whole, 1);
    RunId second = study.plan().runs().get(1);
    try (Dataset data = tiny().data(study)) {
      AtomicReference<StudyRunner> runner = new AtomicReference<>();
      StudyListener stopper =
          new StudyListener() {
            @Override
            public TrainListener training(RunId run) {
              return new TrainListener() {
                @Override
                public void stepped(StepMetrics metrics, boolean logged) {
                  if (run.equals(second) && metrics.step() == 4) {
                    runner.get().requestStop();
                  }
                }
              };
            }
          };
      runner.set(new StudyRunner(study, data, Device.cpu(), stopper));
      assertThat(runner.get().run(study.plan().runs(), 1))
          .extracting(RunEnd::kind)
          .containsExactly(Kind.TRAINED, Kind.STOPPED, Kind.NOT_BEGUN, Kind.NOT_BEGUN);
    }
    assertThat(new RunFolder(study.folder().run(second)).checkpoints().latest()).isPresent();
    assertThat(tiny().run(study, 1))
        .extracting(RunEnd::kind)
        .containsExactly(Kind.WAS_COMPLETE, Kind.TRAINED, Kind.TRAINED, Kind.TRAINED);
    assertSame(study, whole);
  }

  @Test
  void aRunThatFailsDoesNotStopTheOthers() {
    Study study = tiny().make("study");
    RunId bad = new RunId("both", 1);
    tiny().write("study/runs/both/seed-1/thesis.txt", "not a run");
    List<RunEnd> ends = tiny().run(study, 2);
    assertThat(ends)
        .extracting(RunEnd::kind)
        .containsExactly(Kind.TRAINED, Kind.FAILED, Kind.TRAINED, Kind.TRAINED);
    assertThat(ends.get(1).reason()).contains(study.folder().run(bad).toString(), "not empty");
  }

  @Test
  void aRunThatWasGivenUpIsNotTriedAgain() throws IOException {
    Study study = tiny().make("study");
    tiny().run(study, 1);
    RunId bad = new RunId("both", 1);
    Files.delete(study.folder().run(bad).resolve("summary.json"));
    tiny()
        .write(
            "study/runs/both/seed-1/aborted.json",
            "{\"step\": 5, \"reason\": \"the loss is NaN\", \"numbers\": {}}");
    List<RunEnd> ends = tiny().run(study, 1);
    assertThat(ends)
        .extracting(RunEnd::kind)
        .containsExactly(Kind.WAS_COMPLETE, Kind.WAS_ABORTED, Kind.WAS_COMPLETE, Kind.WAS_COMPLETE);
    assertThat(ends.get(1).reason())
        .startsWith("given up in step 5, the loss is NaN; move " + study.folder().run(bad));
  }

  @Test
  void aRunThatDivergesDoesNotStopTheOthers() {
    Study calm = tiny().make("study");
    String wild = "arm.wild.about = \"far too fast\"\narm.wild.optimizer.lr = 1e30\n";
    tiny()
        .replace(
            calm.folder().plan(), "arms = [\"baseline\"", wild + "arms = [\"wild\", \"baseline\"");
    List<RunEnd> ends = tiny().run(Study.open(calm.folder().path()), 2);
    assertThat(ends)
        .extracting(RunEnd::kind)
        .containsExactly(
            Kind.FAILED, Kind.TRAINED, Kind.TRAINED, Kind.FAILED, Kind.TRAINED, Kind.TRAINED);
    assertThat(ends.getFirst().reason()).contains("training stopped, ", "try a lower optimizer.lr");
  }

  @Test
  void aRunThatAnotherHoldsIsLeftToIt() {
    Study study = tiny().make("study");
    RunId held = new RunId("baseline", 2);
    try (HeldRun _ = HeldRun.open(study.folder().run(held), HeldRun.Mode.NEW)) {
      assertThat(tiny().run(study, 1))
          .extracting(RunEnd::kind)
          .containsExactly(Kind.TRAINED, Kind.TRAINED, Kind.ELSEWHERE, Kind.TRAINED);
    }
  }

  @Test
  void whatAKilledProcessLeftBeforeItsFirstStepIsTakenOver() {
    Study study = tiny().make("study");
    tiny().write("study/runs/both/seed-1/tokenizer.json", "{");
    tiny().write("study/runs/both/seed-1/.lock", "");
    tiny().write("study/runs/both/seed-1/.config.toml.1.tmp", "[mod");
    assertThat(tiny().run(study, 1)).allMatch(end -> end.kind() == Kind.TRAINED);
  }

  @Test
  void runsMadeElsewhereAreTakenIfTheyAreTheRightOnes() throws IOException {
    Study elsewhere = tiny().make("elsewhere");
    tiny().run(elsewhere, 2);
    Study study = tiny().make("study");
    Files.createDirectories(study.folder().runs().resolve("baseline"));
    RunId right = new RunId("baseline", 1);
    RunId wrong = new RunId("baseline", 2);
    Files.move(elsewhere.folder().run(right), study.folder().run(right));
    Files.createDirectories(study.folder().runs().resolve("both"));
    Files.move(elsewhere.folder().run(new RunId("both", 2)), study.folder().run(wrong));
    List<RunEnd> ends = tiny().run(study, 1);
    assertThat(ends)
        .extracting(RunEnd::kind)
        .containsExactly(Kind.WAS_COMPLETE, Kind.TRAINED, Kind.FAILED, Kind.TRAINED);
    assertThat(ends.get(2).reason())
        .startsWith(study.folder().run(wrong) + " is not of this plan: its configuration")
        .endsWith("move it away to train this run anew");
  }

  @Test
  void twinsThatDidNotStartEqualAreRefused() throws IOException {
    Study study = tiny().make("study");
    RunId twin = new RunId("baseline", 1);
    tiny().run(study, List.of(twin), 1, StudyListener.NONE);
    Path manifest = study.folder().run(twin).resolve("manifest.json");
    String hash =
        Files.readString(manifest)
            .replaceFirst("(?s).*\"initial_weights_sha256\" : \"(\\w+)\".*", "$1");
    tiny().replace(manifest, hash, "0".repeat(64));
    List<RunEnd> ends = tiny().run(study, 1);
    assertThat(ends)
        .extracting(RunEnd::kind)
        .containsExactly(Kind.WAS_COMPLETE, Kind.FAILED, Kind.TRAINED, Kind.TRAINED);
    assertThat(ends.get(1).reason())
        .contains("its twin baseline/seed-1 did not start from the same");
  }
}
