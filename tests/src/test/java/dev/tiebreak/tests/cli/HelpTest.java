package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be learned without training anything. */
class HelpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "train",
        "generate",
        "examine",
        "estimate",
        "doctor",
        "bench",
        "study",
        "judge",
        "report"
      })
  void everyCommandExplainsItselfWithExamples(String command) {
    assertThat(Outcome.of("--help").succeeded().out()).contains("  " + command + " ");
    Outcome help = Outcome.of(command, "--help").succeeded();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .contains("Usage: tiebreak " + command, "Examples:", "  tiebreak " + command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "init",
        "check",
        "power",
        "preregister",
        "run",
        "verify",
        "export",
        "pairs",
        "losses",
        "summary"
      })
  void everyCommandOfAStudyExplainsItselfWithExamples(String command) {
    assertThat(Outcome.of("study", "--help").succeeded().out()).contains("  " + command + " ");
    Outcome help = Outcome.of("study", command, "--help").succeeded();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .contains("Usage: tiebreak study " + command, "Examples:", "  tiebreak study " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "invite", "status", "llm", "scripted", "export", "import"})
  void everyWayToJudgeExplainsItselfWithExamples(String command) {
    assertThat(Outcome.of("judge", "--help").succeeded().out()).contains("  " + command + " ");
    Outcome help = Outcome.of("judge", command, "--help").succeeded();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .contains("Usage: tiebreak judge " + command, "Examples:", "  tiebreak judge " + command);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, '34,976'",
    "quick, '967,808'",
    "shakespeare-char-cpu, '808,576'",
    "gpt2-124m, '124,'",
    "1.2b, '1,198,'"
  })
  void everyPresetIsEstimated(String preset, String parameters) {
    Outcome estimate = Outcome.of("estimate", preset).succeeded();
    assertThat(estimate.out())
        .containsPattern("Parameters +" + parameters)
        .contains("FLOP", "Memory", "Time");
  }

  @Test
  void theDoctorExaminesTheMachine() {
    Outcome doctor = Outcome.of("doctor", "--threads=1").succeeded();
    assertThat(doctor.out()).contains("Java  ", "Processor", "BLAS", "Memory", "GFLOP/s");
  }

  @Tag("slow")
  @Test
  void theBenchmarkComparesAStepWithTheMatrixRate() {
    Outcome bench = Outcome.of("bench", "--shape=tiny", "--steps=1", "--warm-up=0").succeeded();
    assertThat(bench.out())
        .containsPattern("matrix products +[0-9.]+ GFLOP/s")
        .containsPattern("training step +[0-9.]+ GFLOP/s = [0-9]+ % of that");
  }

  @Tag("slow")
  @Test
  void theBenchmarkOfGenerationComparesItWithReading() {
    Outcome bench = Outcome.of("bench", "--generate", "--shape=tiny").succeeded();
    assertThat(bench.out())
        .containsPattern("\n  tokens +[0-9]+ a second")
        .containsPattern("reading alone +[0-9.]+ GB/s");
  }
}
