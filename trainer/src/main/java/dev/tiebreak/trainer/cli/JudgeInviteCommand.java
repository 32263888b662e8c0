package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.JudgeStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak judge invite}: links for people who judge. */
@Command(
    name = "invite",
    description = {
      "Makes links to the page of judges, a line each, or lets one open nothing any more. A link"
          + " holds a secret and is shown once: only its hash is kept.",
      "A link of --count is for one person, who can stop and go on with it. One of --open is for"
          + " several, up to --cap; each gets a link of their own when they begin."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak judge invite my-study --count 30 --url https://judge.example.org > links.txt",
      "  tiebreak judge invite my-study --open --cap 100",
      "  tiebreak judge invite my-study --revoke 7        number as in tiebreak judge status"
    })
final class JudgeInviteCommand implements Callable<Integer> {
  private static final int MOST = 10_000;

  @Mixin private JudgingFolder folder;

  @ArgGroup(multiplicity = "1")
  private What what;

  static final class What {
    @Option(
        names = "--count",
        paramLabel = "<n>",
        description = "So many links, for one judge each.")
    private Integer count;

    @Option(
        names = "--revoke",
        paramLabel = "<link>",
        description = "Let this link, or that of this number, open nothing any more.")
    private String revoke;

    @ArgGroup(exclusive = false)
    private Open open;
  }

  static final class Open {
    @Option(names = "--open", required = true, description = "One link for several judges.")
    private boolean open;

    @Option(
        names = "--cap",
        paramLabel = "<n>",
        required = true,
        description = "How many may begin with the open link.")
    private int cap;
  }

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "8080",
      description = "Where tiebreak judge serve listens (default: ${DEFAULT-VALUE}).")
  private int port;

  @Mixin private JudgeUrlOption url;

  @Mixin private JudgingFolder.Plan plan;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    JudgeUrlOption.checkPort(port);
    String base = url.base("127.0.0.1", port);
    if (what.revoke != null) {
      try (JudgeStore store = folder.openBegun()) {
        if (!store.revoke(what.revoke)) {
          throw new UserError(
              Words.of(
                  "there is no link that works and is %s; see %s",
                  what.revoke, folder.command("status")));
        }
      }
      terminal.say("Revoked. What was answered through it is kept.");
      return ExitCode.OK;
    }
    int number = what.open == null ? what.count : what.open.cap;
    if (number < 1 || number > MOST) {
      throw new UserError(
          Words.of(
              "%s is %d; it must be from 1 to %d",
              what.open == null ? "--count" : "--cap", number, MOST));
    }
    try (JudgeStore store = folder.open(plan)) {
      List<String> tokens =
          what.open == null ? store.inviteJudges(number) : List.of(store.inviteOpen(number));
      tokens.forEach(token -> terminal.out().println(base + "/j/" + token));
    }
    terminal.out().flush();
    return ExitCode.OK;
  }
}
