package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.evidence.document.Plain;
import dev.tiebreak.trainer.evidence.report.PublishedReport;
import dev.tiebreak.trainer.evidence.report.Report;
import dev.tiebreak.trainer.evidence.report.ReportInput;
import dev.tiebreak.trainer.evidence.report.Rules;
import dev.tiebreak.trainer.evidence.report.VoteReport;
import dev.tiebreak.trainer.study.votes.StudyVotes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiebreak report}: what votes say, and how surely. */
@Command(
    name = "report",
    header = "What the votes say: every honest estimate beside the one that everyone quotes.",
    description = {
      "Reads a study's folder, or a table of votes from anywhere (CSV or JSONL), and writes"
          + " report.html (one file that needs no network), report.json and the tables behind every"
          + " figure. The same votes and seed give the same bytes.",
      "Left and right are names of arms, or ids of texts that the key of the pairs resolves."
    },
    footer = {
      "  tiebreak report my-study                     votes, key and plan of the study",
      "  tiebreak report votes.csv --treatment=shaped a table from elsewhere; its arms are named in it",
      "  tiebreak report votes.csv --columns judge=judge_id,prompt=sample,choice=vote --kind human",
      "  tiebreak report votes.jsonl --key=key.jsonl  ids of texts, resolved by the key",
      "  tiebreak report --published                  the original's published totals, examined"
    })
final class ReportCommand extends Action {
  private static final int PROGRESS_STEPS = 10;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<study or votes>",
      description = "The folder of a study, any folder with judged pairs, or a table of votes.")
  private Path path;

  @Option(
      names = "--key",
      paramLabel = "<file>",
      description = "The key of the pairs (default: that of the study, if votes need it).")
  private Path key;

  @Option(
      names = "--treatment",
      paramLabel = "<arm>",
      description =
          "The arm to ask about, where votes name arms (default: the one not named baseline).")
  private String treatment;

  @Mixin private DialectOptions dialect;

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      description = "Where to write (default: report beside the votes).")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "Of resampling and permutations (default: the plan's, else a fixed one).")
  private Long seed;

  @Option(
      names = "--published",
      description = "Examine the published totals of the original study instead of votes.")
  private boolean published;

  @Override
  int run() {
    if (published == (path != null)) {
      throw new UserError(
          published
              ? "--published needs no votes; leave out " + path
              : "name a study's folder or a table of votes, or ask for --published");
    }
    Check.user(
        !published || key == null && treatment == null,
        "--published examines totals: --key and --treatment do not go with it");
    show(published ? published() : votes());
    return ExitCode.OK;
  }

  private Report published() {
    out = out == null ? Path.of("published-report") : out;
    long chosen = seed == null ? Rules.SEED : seed;
    return new PublishedReport(PublishedReport.STUDIES, PublishedReport.NULL_STUDIES, chosen)
        .make(tenths());
  }

  private DoubleConsumer tenths() {
    int[] told = {-1};
    return done -> {
      int step = (int) (PROGRESS_STEPS * done);
      if (step > told[0]) {
        told[0] = step;
        terminal().say(Words.of("simulating: %d %%", 100 * step / PROGRESS_STEPS));
      }
    };
  }

  private Report votes() {
    boolean study = Files.isDirectory(path);
    Optional<Path> keyFile = Optional.ofNullable(key);
    Optional<String> arm = Optional.ofNullable(treatment);
    StudyVotes votes =
        study
            ? StudyVotes.read(path, keyFile, arm, terminal()::say)
            : new StudyVotes(
                ReportInput.table(path, dialect.dialect(), keyFile, arm), Rules.usual());
    if (out == null) {
      out = (study ? path : path.toAbsolutePath().getParent()).resolve("report");
    }
    Rules rules = seed == null ? votes.rules() : votes.rules().withSeed(seed);
    return VoteReport.of(votes.input(), rules, this::status);
  }

  private void show(Report report) {
    int tables = report.write(out);
    print("%s%n", terminal().styled(Style.BOLD, report.document().title()));
    print("%s%n%n", Plain.wrap("", report.document().source()));
    print("%s%n", Plain.of(report.glance()));
    String verdict = report.verdict().outcome().toString();
    print("Verdict: %s%n", terminal().styled(Style.BOLD, verdict));
    print("%s%n", Plain.wrap("  ", report.verdict().scope()));
    report.verdict().reasons().forEach(one -> print("%s%n", Plain.wrap("  - ", one)));
    print("%nSeed of resampling: %s%n", report.settings().get(Report.SEED));
    print("Written to %s: %2$s.html, %2$s.json and %3$d tables%n", out, Report.NAME, tables);
  }
}
