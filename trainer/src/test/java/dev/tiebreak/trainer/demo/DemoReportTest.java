package dev.tiebreak.trainer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.train.CodeVersion;
import dev.tiebreak.trainer.train.EvaluationPoint;
import dev.tiebreak.trainer.train.RunManifest;
import dev.tiebreak.trainer.train.RunSummary;
import dev.tiebreak.trainer.train.TrainResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoReportTest {
  private static final Path FOLDER = Path.of("runs", "demo");

  /** A run that began at a loss of 5 and ended at the given one. */
  private static TrainResult result(String arm, double loss) {
    RunManifest manifest =
        new RunManifest(
            arm,
            1,
            1000,
            "c".repeat(64),
            "0123456789abcdef".repeat(4),
            "fedcba9876543210".repeat(4),
            new RunManifest.Data(
                List.of("jdk"), "t", 9, "bytes", "z", 256, "00ff".repeat(16), 8, 1),
            new CodeVersion("0.1.0", "code"),
            new RunManifest.Machine("cpu", 1, "25", "Linux"),
            "2026-01-01T00:00:00Z");
    RunSummary summary = new RunSummary(arm, 100, 1000, 1000, loss, loss, 100, "w", 1, 1);
    List<EvaluationPoint> curve =
        List.of(new EvaluationPoint(0, 5, 0), new EvaluationPoint(100, loss, 1));
    return new TrainResult(true, summary, curve, manifest, null);
  }

  private static String report(double baseline, double both, PairedSamples... pairs) {
    Twins twins = new Twins(result("baseline", baseline), result("both", both));
    return DemoReport.text(twins, List.of(pairs), FOLDER, 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3.0 | 3.0     | +0.0000 | both give the right next token the same probability, to 0.1 % | The curves tie
          3.0 | 3.0004  | +0.0004 | both give the right next token the same probability, to 0.1 % | The curves tie
          3.0 | 2.9996  | -0.0004 | both give the right next token the same probability, to 0.1 % | The curves tie
          3.0 | 3.005   | +0.0050 | 'both' gives the right next token 0.5 % less probability      | The curves tie
          3.0 | 2.9905  | -0.0095 | 'both' gives the right next token 1.0 % more probability      | The curves tie
          3.0 | 3.0101  | +0.0101 | 'both' gives the right next token 1.0 % less probability      | The curves are close, though
          3.0 | 2.951   | -0.0490 | 'both' gives the right next token 5.0 % more probability      | The curves are close, though
          3.0 | 3.06    | +0.0600 | 'both' gives the right next token 5.8 % less probability      | The curves do not tie.
          3.0 | 2.5     | -0.5000 | 'both' gives the right next token 64.9 % more probability     | The curves do not tie.
          """)
  void theDifferenceIsSaidInWords(
      double baseline, double both, String difference, String meaning, String verdict) {
    String report = report(baseline, both);
    assertThat(report)
        .contains("baseline 3.0000, both %.4f;".formatted(both))
        .contains("both - baseline = " + difference + " nats per token.")
        .contains("On average " + meaning + ".\n" + verdict)
        .contains("One pair of one seed proves nothing");
  }

  @Test
  void whatTheTwinsShareIsShown() {
    assertThat(report(3, 3))
        .contains("The twins started equal")
        .contains("initial weights 0123456789ab   data 00ff00ff00ff   data order fedcba987654");
  }

  @Test
  void theCurvesAreThere() {
    assertThat(report(3, 4)).contains("5.000 |*", "3.000 |", "step 100", "o baseline   x both");
  }

  @Test
  void samplesStandUnderTheirPrompts() {
    String words = "word ".repeat(40).strip();
    String report =
        report(3, 3, new PairedSamples("Once", " upon\n\n a\ttime", words), pair("Never", "x"));
    assertThat(report)
        .contains(
            """
              Once ...
                baseline  ... upon a time
                both      ... word word word word word word word word word word word word word
                              word word word word word word word word word word word word word
                              word word word word word word word word word word word word word
                              word

              Never ...
                baseline  ... x
                both      ... x
            """
                .indent(0));
  }

  private static PairedSamples pair(String prompt, String text) {
    return new PairedSamples(prompt, text, text);
  }

  @Test
  void controlCharactersOfAModelDoNotReachTheTerminal() {
    String report = report(3, 3, pair("p", "a\u001B[2Jb\u0007 \u009Bc\0 \r\n d"));
    assertThat(report).contains("a\uFFFD[2Jb\uFFFD \uFFFDc\uFFFD d\n");
    assertThat(report.replace("\n", "")).doesNotContainPattern("\\p{Cc}");
  }

  @Test
  void anEmptySampleLeavesItsLineEmpty() {
    assertThat(report(3, 3, pair("p", " \n"))).contains("    baseline  ...\n    both      ...\n");
  }

  @Test
  void itSaysWhereEverythingIsAndWhatToDoNext() {
    assertThat(report(3, 3))
        .contains("Written to runs/demo: baseline/ and both/")
        .contains("samples.jsonl", "curves.svg")
        .contains("tiebreak generate --run runs/demo/both --prompt")
        .contains("tiebreak demo --seed 2 --run");
  }

  @Test
  void noLineIsLongerThanAHundredColumns() {
    String report = report(3, 4, pair("a prompt of some words", "text of many words ".repeat(30)));
    assertThat(report.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void chartAndSamplesFitTheTerminal() {
    Twins twins = new Twins(result("baseline", 3), result("both", 4));
    List<PairedSamples> pairs = List.of(pair("some words", "text of many words ".repeat(30)));
    for (int columns : new int[] {40, 60, 73, 500}) {
      List<String> lines = DemoReport.text(twins, pairs, FOLDER, columns).lines().toList();
      assertThat(lines)
          .filteredOn(line -> line.contains("|") || line.contains("+--") || line.contains("words"))
          .hasSizeGreaterThan(30)
          .allMatch(line -> line.length() <= columns);
    }
    assertThat(DemoReport.text(twins, pairs, FOLDER, 1)).contains("        +----------------\n");
  }

  @Test
  void aFolderWithASpaceIsQuotedForTheShell() {
    Twins twins = new Twins(result("baseline", 3), result("both", 4));
    assertThat(DemoReport.text(twins, List.of(), Path.of("my runs"), 80))
        .contains("--run 'my runs/both' --prompt");
  }
}
