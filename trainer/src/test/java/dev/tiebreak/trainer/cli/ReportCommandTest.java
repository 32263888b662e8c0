package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tiebreak report} and {@code tiebreak study power} as people call them. */
class ReportCommandTest {
  @TempDir Path folder;

  private Path table(String... lines) throws IOException {
    Path file = folder.resolve("votes.csv");
    String header = "judge,judge_kind,prompt,pair,left,right,choice\n";
    return Files.writeString(file, header + String.join("\n", lines) + "\n");
  }

  private static void refused(Cli cli, String... parts) {
    assertThat(cli.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(cli.err()).contains(parts).doesNotContain("\tat ");
  }

  @Test
  void aTableFromElsewhereIsReported() throws IOException {
    Path votes =
        table(
            "ann,human,p1,1,shaped,plain,left",
            "ann,human,p2,2,plain,shaped,right",
            "bob,human,p1,1,plain,shaped,tie",
            "bob,human,p2,2,shaped,plain,right");
    Cli cli = Cli.run("report", votes.toString(), "--treatment=shaped");
    assertThat(cli.code()).isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .contains("4 votes: 2 for, 1 against, 1 ties", "(naive)", "Verdict: inconclusive")
        .contains("Seed of resampling: ");
    assertThat(folder.resolve("report/report.html")).exists();
    assertThat(folder.resolve("report/report.json")).exists();
    assertThat(folder.resolve("report/estimates_digits.csv")).exists();
  }

  @Test
  void whatCannotBeReportedIsRefusedInOneLine() throws IOException {
    refused(Cli.run("report"), "--published");
    refused(Cli.run("report", folder.resolve("none.csv").toString()), "none.csv");
    refused(Cli.run("report", folder.toString()), "study init");
    refused(Cli.run("report", table().toString()), "no votes");
    refused(Cli.run("report", "--published", "votes.csv"), "leave out votes.csv");
    refused(Cli.run("report", table("ann,human,p,1,a,b,maybe").toString()), "line 2", "maybe");
    refused(Cli.run("report", table("ann,human,p,1,a,b,left").toString()), "--treatment a");
    Path wrong = Files.writeString(folder.resolve("wrong.csv"), "who,what\nann,left\n");
    refused(Cli.run("report", wrong.toString()), "judge");
    Path key = folder.resolve("key.jsonl");
    refused(
        Cli.run("report", table("ann,human,p,1,a,b,left").toString(), "--key=" + key), "key.jsonl");
  }

  @Test
  void powerIsSimulatedForThePlannedDesign() throws IOException {
    Path study = folder.resolve("study");
    assertThat(Cli.run("study", "init", study.toString()).code()).isEqualTo(ExitCode.OK);
    refused(Cli.run("study", "power", study.toString(), "--judge-sd=-1"), "--judge-sd is -1.0");
    Cli cli = Cli.run("study", "power", study.toString(), "--studies=100", "--seed-sd=0.03");
    assertThat(cli.err()).doesNotContain("rror");
    assertThat(cli.code()).isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .contains("not replicated", "judgments of each", "a false claim", "losses tie");
    assertThat(Files.readString(study.resolve("power.csv")))
        .contains("judgments_per_pair", "not_replicated");
    assertThat(Files.readString(study.resolve("power.svg")))
        .startsWith("<svg")
        .doesNotContain("NaN");
    refused(
        Cli.run(
            "study",
            "power",
            study.toString(),
            "--pilot=" + table("ann,human,p,1,a,baseline,left")),
        "the pilot does not tell");
    refused(Cli.run("report", study.toString()), "there are no votes", "votes.jsonl");
    Files.writeString(
        study.resolve("votes.csv"),
        """
        judge,judge_kind,prompt,pair,left,right,choice,seed,comparison
        ann,scripted,p1,1,both,baseline,left,1,h1
        ann,scripted,p2,2,baseline,both,left,2,h1
        """);
    Cli report = Cli.run("report", study.toString());
    assertThat(report.out().lines()).allMatch(line -> line.length() <= 100 || line.contains("/"));
    assertThat(report.out())
        .contains("h1: both against baseline, scripted", "Verdict: no claim: scripted judges");
  }
}
