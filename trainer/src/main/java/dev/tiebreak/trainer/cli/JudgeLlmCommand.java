package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.llm.JudgeSummary;
import dev.tiebreak.trainer.judge.llm.Panel;
import dev.tiebreak.trainer.judge.llm.PanelSession;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    footer = {
      "  tiebreak judge llm my-study --panel panel.toml --budget 5.00",
      "  tiebreak judge llm my-study --replay --votes again.jsonl   votes from the replies alone"
    })
final class JudgeLlmCommand extends Action {
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

  @Override
  int run() {
    Path folder = options.folder();
    if (source.replay) {
      PanelSession.requireReplies(folder);
    }
    List<JudgedPair> pairs = source.replay ? List.of() : options.pairs();
    Panel panel = source.replay ? null : Panel.read(source.panel);
    try (VoteSink sink = options.open();
        PanelSession session = PanelSession.open(folder, sink)) {
      return source.replay ? keep(session) : ask(session, pairs, panel);
    }
  }

  private int ask(PanelSession session, List<JudgedPair> pairs, Panel panel) {
    Counter replies = new Counter(terminal(), "%,d replies to %,d questions");
    long open = session.prepare(pairs, panel, Optional.ofNullable(budget), replies::another);
    replies.begin(open);
    terminal().say(Words.of("%,d questions to ask", open));
    List<JudgeSummary> judges;
    int code;
    try (StopSignals signals = StopSignals.listen(() -> stop(session))) {
      judges = session.ask();
      terminal().out().print(JudgeSummary.table(judges));
      code = signals.exitCode();
    } finally {
      keep(session); // also after a failure
    }
    PanelSession.requireEnd(judges);
    return code;
  }

  private void stop(PanelSession session) {
    terminal().say("Stopping; waiting for replies on their way. Again to leave them.");
    session.requestStop();
  }

  private int keep(PanelSession session) {
    print("%,d votes added to %s%n", session.keepVotes(), options.file());
    return ExitCode.OK;
  }
}
