package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.train.EvaluationPoint;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.RunEnd.Kind;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyProgressTest {
  @TempDir Path folder;

  private final StringWriter err = new StringWriter();
  private StudyPlan plan;

  @BeforeEach
  void plan() throws IOException {
    plan =
        StudyPlan.read(
            Files.writeString(
                folder.resolve("study.toml"),
                """
                name = "n"
                arms = ["baseline", "both"]
                seeds = [1]
                base.extends = "tiny"
                """));
  }

  private StudyProgress progress(boolean interactive, int width) {
    Terminal terminal =
        new Terminal(
            new PrintWriter(new StringWriter()), new PrintWriter(err, true), interactive, false);
    return new StudyProgress(terminal, width, new StudyFolder(folder), plan, plan.runs());
  }

  private static StepMetrics step(long step) {
    return new StepMetrics(step, step * 512, 2, 2, 1e-3, 1, 1, Map.of(), 1000, 1);
  }

  private static TrainListener.Start from(long step) {
    return new TrainListener.Start(Path.of("run"), null, step, 60, 512);
  }

  private void train(StudyProgress progress) {
    RunId baseline = plan.runs().getFirst();
    TrainListener listener = progress.training(baseline);
    listener.started(from(20));
    listener.stepped(step(21), true);
    listener.evaluated(new EvaluationPoint(21, 2.5, 1));
    listener.note("the bytes may differ");
    progress.ended(new RunEnd(baseline, Kind.TRAINED, ""));
    progress.ended(new RunEnd(plan.runs().getLast(), Kind.FAILED, "no memory"));
    progress.finish();
  }

  @Test
  void elsewhereThereIsALineForEveryEvent() {
    train(progress(false, 80));
    List<String> lines = err.toString().lines().toList();
    assertThat(lines)
        .containsExactly(
            "baseline/seed-1  goes on after step 20",
            "baseline/seed-1  step 21/60  val 2.5000  1,000 tokens/s",
            "Note: baseline/seed-1: the bytes may differ.",
            lines.get(3),
            "both/seed-1  failed: no memory");
    assertThat(lines.get(3))
        .matches("baseline/seed-1  complete  \\(1 of 2 runs complete, ETA .*\\)");
  }

  @Test
  void aTerminalShowsOneTableThatIsRedrawnInPlace() {
    train(progress(true, 80));
    String[] drawn = err.toString().split("\u001B\\[4A\r\u001B\\[J"); // up over four lines
    assertThat(drawn.length).isGreaterThan(3);
    assertThat(drawn[drawn.length - 1].lines().map(String::stripTrailing))
        .containsExactly(
            "arm        seed          step  val loss   tokens/s  ETA",
            "baseline      1         60/60    2.5000             complete",
            "both          1                                     failed",
            "1 of 2 runs complete");
    assertThat(err.toString())
        .contains("baseline      1         21/60    2.5000      1,000  0:20") // 39 x 512 / 1000
        .contains("Note: baseline/seed-1: the bytes may differ.\n")
        .contains("both/seed-1  failed: no memory\n");
  }

  @Test
  void aRunThatWasCompleteBeforeIsShownWithItsLoss() throws IOException {
    RunId run = plan.runs().getFirst();
    Path summary = new StudyFolder(folder).run(run).resolve("summary.json");
    Files.createDirectories(summary.getParent());
    Files.writeString(
        summary,
        """
        {"arm": "baseline", "steps": 60, "tokens": 1, "parameters": 1, "val_loss": 3.25,
         "best_val_loss": 3, "best_step": 1, "weights_sha256": "0",
         "timing": {"tokens_per_second": 1, "seconds": 1}}
        """);
    progress(true, 80).ended(new RunEnd(run, Kind.WAS_COMPLETE, ""));
    assertThat(err.toString()).contains("60/60    3.2500             complete before\n");
  }

  @Test
  void noLineIsLongerThanTheTerminalIsWide() {
    train(progress(true, 30));
    assertThat(err.toString().replaceAll("\u001B\\[\\d*[AJ]|\r", "").lines())
        .filteredOn(line -> !line.contains(":"))
        .allMatch(line -> line.length() < 30);
  }
}
