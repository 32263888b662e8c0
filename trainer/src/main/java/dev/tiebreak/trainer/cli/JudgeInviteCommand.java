package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgeRole;
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
          + " several; each gets a link of their own when they begin."
    },
    footer = {
      "  tiebreak judge invite my-study --count 30 --url https://judge.example.org > links.txt",
      "  tiebreak judge invite my-study --open --cap 100",
      "  tiebreak judge invite my-study --count 1 --role author",
      "  tiebreak judge invite my-study --revoke 7        number as in tiebreak judge status"
    })
final class JudgeInviteCommand extends Action {
  @Mixin private JudgeOptions options;

  @ArgGroup(multiplicity = "1")
  private What what;

  static final class What {
    @Option(names = "--count", paramLabel = "<n>", description = "So many links, each for one.")
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

    @Option(names = "--cap", paramLabel = "<n>", required = true, description = "How many.")
    private int cap;
  }

  @Option(
      names = "--role",
      paramLabel = "<role>",
      defaultValue = "reader",
      description =
          "What they have to do with the study: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}). Votes carry it.")
  private JudgeRole role;

  @Mixin private JudgeUrlOption url;

  @Mixin private JudgeOptions.Settings settings;

  @Override
  int run() {
    String base = url.base("127.0.0.1", url.port());
    try (JudgeStore store =
        what.revoke == null ? options.folder().open(settings) : options.folder().openBegun()) {
      if (what.revoke == null) {
        links(store).forEach(token -> print("%s/j/%s%n", base, token));
      } else {
        store.revoke(what.revoke);
        terminal().say("Revoked. What was answered through it is kept.");
      }
    }
    return ExitCode.OK;
  }

  private List<String> links(JudgeStore store) {
    return what.open == null
        ? store.inviteJudges(what.count, role)
        : List.of(store.inviteOpen(what.open.cap, role));
  }
}
