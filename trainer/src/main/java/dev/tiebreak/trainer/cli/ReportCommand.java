package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.evidence.report.PublishedReport;
import dev.tiebreak.trainer.evidence.report.Report;
import dev.tiebreak.trainer.evidence.report.ReportFiles;
import dev.tiebreak.trainer.evidence.report.ReportInput;
import dev.tiebreak.trainer.evidence.report.Rules;
import dev.tiebreak.trainer.evidence.report.VoteReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak report my-study                     votes, key and plan of the study",
      "  tiebreak report votes.csv --treatment=shaped a table from elsewhere; its arms are named in it",
      "  tiebreak report votes.jsonl --key=key.jsonl  ids of texts, resolved by the key",
      "  tiebreak report --published                  the original's published totals, examined"
    })
final class ReportCommand implements Callable<Integer> {
  private static final int PROGRESS_STEPS = 10;
  private static final int WIDTH = 96; // of a line

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<study or votes>",
      description = "The folder of a study, or a table of votes.")
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

  @Spec private CommandSpec spec;

  private Terminal terminal;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    if (published == (path != null)) {
      throw new UserError(
          published
              ? "--published needs no votes; leave out " + path
              : "name a study's folder or a table of votes, or ask for --published");
    }
    if (published && (key != null || treatment != null)) {
      throw new UserError("--published examines totals: --key and --treatment do not go with it");
    }
    Report report = published ? published() : votes();
    show(report);
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
        terminal.say(Words.of("simulating: %d %%", 100 * step / PROGRESS_STEPS));
      }
    };
  }

  private Report votes() {
    ReportSource source =
        Files.isDirectory(path)
            ? ReportSource.study(path, key, treatment, terminal::say)
            : ReportSource.table(path, key, treatment);
    out = out == null ? source.folder().resolve("report") : out;
    Rules rules = seed == null ? source.rules() : source.rules().withSeed(seed);
    ReportInput input = source.input();
    return VoteReport.of(input, rules, status -> terminal.say(status + " ..."));
  }

  private void show(Report report) {
    int tables = ReportFiles.write(report, out);
    terminal.out().println(terminal.styled(Style.BOLD, report.title()));
    terminal.out().println(wrap("", report.source()));
    terminal.out().println();
    report.summary().forEach(terminal.out()::println);
    terminal
        .out()
        .println(
            "Verdict: " + terminal.styled(Style.BOLD, report.conclusion().outcome().toString()));
    terminal.out().println(wrap("  ", report.conclusion().scope()));
    report.conclusion().reasons().forEach(reason -> terminal.out().println(wrap("  - ", reason)));
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%nSeed of resampling: %s%nWritten to %s: %s, %s and %d tables%n",
            report.settings().getOrDefault("seed_of_resampling", report.settings().get("seed")),
            out,
            ReportFiles.PAGE,
            ReportFiles.NUMBERS,
            tables);
    terminal.out().flush();
  }

  /** A text on lines that fit, those after the first indented as far as the first one's begin. */
  private static String wrap(String begin, String text) {
    StringBuilder lines = new StringBuilder(begin);
    int width = begin.length();
    for (String word : text.split(" ")) {
      boolean full = width + word.length() > WIDTH && width > begin.length();
      lines.append(full ? "\n" + " ".repeat(begin.length()) : "");
      width = full ? begin.length() : width;
      lines.append(word).append(' ');
      width += word.length() + 1;
    }
    return lines.toString().stripTrailing().replace(" \n", "\n");
  }
}
