package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.lab.train.EvaluationPoint;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener.Start;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainProgressTest {
  private final StringWriter text = new StringWriter();

  private TrainProgress progress(boolean interactive, int width) {
    PrintWriter writer = new PrintWriter(text);
    return new TrainProgress(new Terminal(writer, writer, interactive, false), width);
  }

  private static StepMetrics step(long step) {
    return new StepMetrics(step, step * 10, 2.5, 3, 1e-3, 1, 1, Map.of(), 12345, step);
  }

  private static void halfOfARun(TrainProgress progress) {
    progress.started(new Start(Path.of("runs/x"), null, 0, 100, 10));
    progress.evaluated(new EvaluationPoint(0, 5.25, 0));
    progress.stepped(step(50), true);
    progress.evaluated(new EvaluationPoint(50, 3.125, 1));
  }

  @Test
  void aResumedRunSaysFromWhere() {
    progress(false, 80).started(new Start(Path.of("runs/x"), null, 40, 100, 10));
    assertThat(text.toString()).isEqualToIgnoringNewLines("Note: going on after step 40 of 100.");
  }

  @Test
  void aCompleteRunSaysThatNothingIsTrained() {
    progress(false, 80).started(new Start(Path.of("runs/x"), null, 100, 100, 10));
    assertThat(text.toString())
        .isEqualToIgnoringNewLines("Note: all 100 steps are done already; nothing is trained.");
  }

  @Test
  void elsewhereThanAtATerminalEachEvaluationIsALine() {
    halfOfARun(progress(false, 80));
    List<String> lines = text.toString().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).isEqualTo("step 0/100  val 5.2500");
    assertThat(lines.get(1))
        .startsWith("step 50/100  loss 2.5000  val 3.1250  12,345 tokens/s  ETA 0:0");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20, 30, 45, 60, 80, 100, 200})
  void atATerminalOneLineIsRedrawnThatIsNeverWiderThanIt(int width) {
    TrainProgress progress = progress(true, width);
    halfOfARun(progress);
    progress.stepped(step(100), true);
    String drawn = text.toString();
    assertThat(drawn).startsWith("\r").doesNotContain("\n");
    for (String line : drawn.split("\r")) {
      assertThat(line.replace("\u001B[K", "")).hasSizeLessThan(width);
    }
    String last = drawn.substring(drawn.lastIndexOf('\r') + 1);
    assertThat(last).startsWith("step 100/".substring(0, Math.min(9, width - 1)));
    if (width >= 80) {
      assertThat(last).contains("==]  loss 2.5000  val 3.1250  12,345 tokens/s  ETA 0:00");
    }
    progress.finish();
    progress.finish();
    assertThat(text.toString()).endsWith("\u001B[K" + System.lineSeparator());
  }

  @Test
  void halfOfTheBarIsFullWhenHalfOfTheStepsAreDone() {
    halfOfARun(progress(true, 120));
    assertThat(text.toString()).contains("[" + "=".repeat(20) + " ".repeat(20) + "]");
  }

  @Test
  void aNoteHasALineOfItsOwn() {
    TrainProgress progress = progress(true, 80);
    halfOfARun(progress);
    progress.note("something happened");
    assertThat(text.toString().lines().toList().getLast()).isEqualTo("Note: something happened.");
  }
}
