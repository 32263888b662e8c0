package dev.tiebreak.trainer.study.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.study.results.Fixtures;
import dev.tiebreak.trainer.study.results.LossAnalysis;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoReportTest {
  @TempDir Path folder;

  private LossAnalysis analysis(Path path) {
    return new Fixtures(path, 2, "baseline", "gain", "both")
        .add("baseline", 1, 3.0)
        .add("gain", 1, 3.04)
        .add("both", 1, 3.02)
        .add("baseline", 2, 3.2)
        .add("gain", 2, 3.21)
        .add("both", 2, 3.2)
        .analysis();
  }

  private String report(PairedSamples... pairs) {
    return DemoReport.text(analysis(folder), List.of(pairs), 100);
  }

  @Test
  void whatTheTwinsShareIsShown() {
    assertThat(report())
        .contains(
            """
            Twins started equal (SHA-256, the same in 3 manifests; data 00ff00ff00ff):
              seed 1: initial weights 0123456789ab   data order fedcba987654
              seed 2: initial weights 0123456789ab   data order fedcba987654
            """);
  }

  @Test
  void theMeanCurvesOfTwoArmsAreThere() {
    assertThat(report()).contains("  5.110 |*", "  3.100 |", "step 100", "o baseline   x both   *");
  }

  @Test
  void itSaysWhetherLossesTieAndWhatCannotBeClaimed() {
    assertThat(report())
        .contains(
            "gain          2  3.1250  +0.0250",
            "gain, both: neither a tie within 0.01 nats nor a difference is shown; more seeds",
            "What this can claim: that everything works. 2 seeds of models this small are no");
  }

  @Test
  void samplesStandUnderTheirPrompts() {
    String words = "word ".repeat(40).strip();
    String report =
        report(new PairedSamples("Once", " upon\n\n a\ttime", words), pair("Never", "x"));
    assertThat(report)
        .contains(
            """
            The same prompts, the same random numbers, twins of seed 1:

              Once ...
                baseline  ... upon a time
                both      ... word word word word word word word word word word word word word
                              word word word word word word word word word word word word word
                              word word word word word word word word word word word word word
                              word

              Never ...
                baseline  ... x
                both      ... x
            """);
  }

  private static PairedSamples pair(String prompt, String text) {
    return new PairedSamples(prompt, text, text);
  }

  @Test
  void controlCharactersOfAModelDoNotReachTheTerminal() {
    String report = report(pair("p", "a\u001B[2Jb\u0007 \u009Bc\0 \r\n d"));
    assertThat(report).contains("a\uFFFD[2Jb\uFFFD \uFFFDc\uFFFD d\n");
    assertThat(report.replace("\n", "")).doesNotContainPattern("\\p{Cc}");
  }

  @Test
  void anEmptySampleLeavesItsLineEmpty() {
    assertThat(report(pair("p", " \n"))).contains("    baseline  ...\n    both      ...\n");
  }

  @Test
  void itSaysWhereEverythingIsAndWhatToDoNext() {
    assertThat(report())
        .contains("Written to " + folder + ": study.toml", "samples.jsonl")
        .contains("tiebreak study pairs " + folder + "\n")
        .contains("tiebreak generate --run " + folder + "/runs/both/seed-1 --prompt");
  }

  @Test
  void chartAndSamplesFitTheTerminal() {
    List<PairedSamples> pairs = List.of(pair("some words", "text of many words ".repeat(30)));
    LossAnalysis analysis = analysis(folder);
    for (int columns : new int[] {40, 60, 73, 500}) {
      List<String> lines = DemoReport.text(analysis, pairs, columns).lines().toList();
      assertThat(lines)
          .filteredOn(line -> line.contains("|") || line.contains("+--") || line.contains("words"))
          .hasSizeGreaterThan(30)
          .allMatch(line -> line.length() <= Math.min(100, columns));
    }
    assertThat(DemoReport.text(analysis, pairs, 1)).contains("        +----------------\n");
  }

  @Test
  void aFolderWithASpaceIsQuotedForTheShell() {
    Path spaced = folder.resolve("my runs");
    assertThat(DemoReport.text(analysis(spaced), List.of(), 80))
        .contains("--run '" + spaced + "/runs/both/seed-1' --prompt");
  }
}
