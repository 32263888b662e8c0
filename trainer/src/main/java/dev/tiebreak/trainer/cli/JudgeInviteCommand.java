package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.judge.JudgeStore;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak judge invite}: links for people who judge. */
@Command(
    name = "invite",
    description = {
      "Makes links to the page of judges, a line each, or lets one open nothing any more. A link"
          + " holds a secret and is shown once: only its hash is kept.",
      "A link of --count is for one person, who can stop and go on with it. One of --open is for"
          + " several, up to --cap; each gets a link of their own when they begin."
    },
    footer = {
      "  tiebreak judge invite my-study --count 30 --url https://judge.example.org > links.txt",
      "  tiebreak judge invite my-study --open --cap 100",
      "  tiebreak judge invite my-study --revoke 7        number as in tiebreak judge status"
    })
final class JudgeInviteCommand extends Action {
  private static final int MOST = 10_000;

  @Mixin private JudgeOptions options;

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

  @Mixin private JudgeOptions.Settings settings;

  @Override
  int run() {
    JudgeUrlOption.checkPort(port);
    if (what.revoke != null) {
      revoke();
      return ExitCode.OK;
    }
    boolean open = what.open != null;
    int number = open ? what.open.cap : what.count;
    Check.parameter(
        number >= 1 && number <= MOST, open ? "cap" : "count", number, "from 1 to " + MOST);
    String base = url.base("127.0.0.1", port);
    try (JudgeStore store = options.folder().open(settings)) {
      List<String> tokens = open ? List.of(store.inviteOpen(number)) : store.inviteJudges(number);
      tokens.forEach(token -> print("%s/j/%s%n", base, token));
    }
    return ExitCode.OK;
  }

  private void revoke() {
    try (JudgeStore store = options.folder().openBegun()) {
      Check.user(
          store.revoke(what.revoke),
          "there is no link that works and is %s; see %s",
          what.revoke,
          options.command("status"));
    }
    terminal().say("Revoked. What was answered through it is kept.");
  }
}
