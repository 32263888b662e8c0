package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.judge.JudgeServer;
import dev.tiebreak.trainer.judge.JudgeStore;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak judge serve}: the page for people who judge. */
@Command(
    name = "serve",
    description = {
      "Serves the page on which people judge pairs, and keeps what they answer in judge.db of the"
          + " folder. It needs pairs.jsonl only and never reads the key.",
      "It listens on this machine only. To invite people from outside, let a web server with TLS"
          + " pass requests on to it, and say with --url what its address is. Invite with tiebreak"
          + " judge invite, also while it runs. Ctrl-C ends it; nothing is lost."
    },
    footer = {
      "  tiebreak judge serve my-study",
      "  tiebreak judge serve my-study --port 9000 --url https://judge.example.org"
    })
final class JudgeServeCommand extends Action {
  @Mixin private JudgeOptions options;

  @Option(
      names = "--host",
      paramLabel = "<host>",
      defaultValue = "127.0.0.1",
      description = "Address that it listens at (default: ${DEFAULT-VALUE}, this machine only).")
  private String host;

  @Mixin private JudgeUrlOption url;

  @Mixin private JudgeOptions.Settings settings;

  @Override
  int run() throws InterruptedException {
    int port = url.port();
    CountDownLatch end = new CountDownLatch(1);
    try (JudgeStore store = options.folder().open(settings);
        JudgeServer server = JudgeServer.start(store, host, port);
        StopSignals signals = StopSignals.listen(end::countDown)) {
      String base = url.base(host, server.port());
      print("Serving %s at %s%n", options.folder().path(), base);
      print("Operator's page (for you alone; an earlier link to it no longer works):%n");
      print("  %s/o/%s%n", base, store.inviteOperator());
      print("Invite judges with: %s --count 10 --url %s%n", options.command("invite"), base);
      print("Ctrl-C ends it.%n");
      terminal().out().flush();
      end.await();
      terminal()
          .say("Stopped; all answers are in " + options.folder().path().resolve(JudgeStore.NAME));
      return signals.exitCode();
    }
  }
}
