package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteId;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.llm.JudgeSummary;
import dev.tiebreak.trainer.judge.llm.Panel;
import dev.tiebreak.trainer.judge.llm.PanelOptions;
import dev.tiebreak.trainer.judge.llm.PanelRun;
import dev.tiebreak.trainer.judge.llm.ReplyLog;
import dev.tiebreak.trainer.judge.llm.Verdicts;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak judge llm}: language models as judges. */
@Command(
    name = "llm",
    description = {
      "Asks every model of a panel about every pair, in both orders, over OpenAI-compatible chat"
          + " endpoints. A verdict that changes with the order counts as the same. Replies are kept"
          + " in llm-replies.jsonl as they come: the same command goes on after Ctrl-C, a kill or a"
          + " failure, and asks nothing twice.",
      "Keys come from environment variables and are written nowhere. Nothing is asked that might"
          + " cost more than is left of the budget, which counts earlier runs too; a reply that was"
          + " lost on its way counts as the most it can have cost."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak judge llm my-study --panel panel.toml --budget 5.00",
      "  tiebreak judge llm my-study --replay --votes again.jsonl   votes from the replies alone"
    })
final class JudgeLlmCommand implements Callable<Integer> {
  private static final long LINE_NANOS = 10_000_000_000L;

  @Mixin private VotesOptions options;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Where replies come from: one of the two. */
  static final class Source {
    @Option(
        names = "--panel",
        paramLabel = "<file>",
        required = true,
        description = "The models to ask: TOML with a table [[judge]] for each.")
    private Path panel;

    @Option(
        names = "--replay",
        required = true,
        description = "Ask nobody: make votes of the replies that are kept.")
    private boolean replay;
  }

  @Option(
      names = "--budget",
      paramLabel = "<amount>",
      description = "What may be spent in all, in the currency of the panel's prices.")
  private BigDecimal budget;

  @Spec private CommandSpec spec;

  private int exitCode = ExitCode.OK;

  @Override
  public Integer call() {
    Path file = options.folder().resolve(ReplyLog.NAME);
    if (source.replay && !Files.exists(file)) {
      throw new UserError(Words.of("there are no replies to replay: no %s", file));
    }
    if (budget != null && budget.signum() < 0) {
      throw new UserError(Words.of("--budget is %s; it must be 0 or more", budget));
    }
    if (source.replay) {
      replay(file);
    } else {
      askAndKeep(file, options.pairs(), Panel.read(source.panel));
    }
    return exitCode;
  }

  private void replay(Path file) {
    try (VoteSink sink = options.open();
        ReplyLog log = ReplyLog.open(file)) {
      keep(log, sink);
    }
  }

  private void askAndKeep(Path file, List<JudgedPair> pairs, Panel panel) {
    List<JudgeSummary> judges;
    try (VoteSink sink = options.open();
        ReplyLog log = ReplyLog.open(file)) {
      CountDownLatch stopped = new CountDownLatch(1);
      Progress progress = new Progress(Terminal.of(spec));
      PanelOptions how =
          new PanelOptions(
              Optional.ofNullable(budget),
              System::getenv,
              time -> pause(stopped, time),
              progress::replied);
      PanelRun run = new PanelRun(pairs, panel, how, log);
      progress.begin(run.open());
      try {
        judges = ask(run, stopped);
      } finally {
        keep(log, sink); // also of a run that failed
      }
    }
    requireEnd(judges);
  }

  private List<JudgeSummary> ask(PanelRun run, CountDownLatch stopped) {
    Terminal terminal = Terminal.of(spec);
    try (StopSignals signals =
        StopSignals.listen(() -> {
          terminal.say("Stopping; waiting for replies on their way. Again to leave them.");
          run.stop();
          stopped.countDown();
        })) {
      List<JudgeSummary> judges = run.run();
      report(judges);
      exitCode = signals.exitCode();
      return judges;
    }
  }

  private static void pause(CountDownLatch stopped, Duration time) throws InterruptedException {
    stopped.await(time.toMillis(), TimeUnit.MILLISECONDS); // true or false: the caller looks
  }

  /** Adds the votes that are not there yet. */
  private void keep(ReplyLog log, VoteSink sink) {
    Set<VoteId> done = sink.done();
    List<Vote> fresh =
        Verdicts.votes(log).stream().filter(vote -> !done.contains(vote.id())).toList();
    sink.addAll(fresh);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%,d votes added to %s%n", fresh.size(), options.file());
    out.flush();
  }

  private void report(List<JudgeSummary> judges) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-24s %7s %11s %10s %14s%n",
        "judge",
        "votes",
        "consistent",
        "no verdict",
        "cost");
    for (JudgeSummary judge : judges) {
      out.printf(
          Locale.ROOT,
          "%-24s %,7d %,11d %,10d %14s%n",
          judge.judge(),
          judge.votes(),
          judge.consistent(),
          judge.withoutVerdict(),
          judge.cost().toPlainString());
    }
    BigDecimal uncertain =
        judges.stream().map(JudgeSummary::uncertain).reduce(BigDecimal.ZERO, BigDecimal::add);
    if (uncertain.signum() > 0) {
      out.printf(
          Locale.ROOT,
          "Of the cost, up to %s is for replies that were lost on their way.%n",
          uncertain.setScale(6, RoundingMode.UP).toPlainString());
    }
    out.flush();
  }

  private static void requireEnd(List<JudgeSummary> judges) {
    String ended =
        judges.stream()
            .filter(judge -> judge.ended().isPresent())
            .map(judge -> judge.judge() + ": " + judge.ended().get())
            .collect(Collectors.joining("; "));
    if (!ended.isEmpty()) {
      throw new UserError(
          Words.of(
              "not all pairs are judged: %s; what was replied is kept, the same command goes on",
              Terminal.harmless(ended)));
    }
  }

  /** Says now and then how many replies there are. */
  private static final class Progress {
    private final Terminal terminal;
    private long replied;
    private long open;
    private long saidNanos = System.nanoTime();

    Progress(Terminal terminal) {
      this.terminal = terminal;
    }

    void begin(long requests) {
      open = requests;
      terminal.say(Words.of("%,d questions to ask", requests));
    }

    synchronized void replied() {
      replied++;
      long now = System.nanoTime();
      if (now - saidNanos >= LINE_NANOS) {
        terminal.say(Words.of("%,d replies to %,d questions", replied, open));
        saidNanos = now;
      }
    }
  }
}
