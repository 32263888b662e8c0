package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.judge.JudgeServer;
import dev.tiebreak.trainer.judge.JudgeStore;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak judge serve my-study",
      "  tiebreak judge serve my-study --port 9000 --url https://judge.example.org"
    })
final class JudgeServeCommand implements Callable<Integer> {
  @Mixin private JudgingFolder folder;

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "8080",
      description = "Where it listens (default: ${DEFAULT-VALUE}; 0: any that is free).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "<host>",
      defaultValue = "127.0.0.1",
      description = "Address that it listens at (default: ${DEFAULT-VALUE}, this machine only).")
  private String host;

  @Mixin private JudgeUrlOption url;

  @Mixin private JudgingFolder.Plan plan;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = Terminal.of(spec);
    JudgeUrlOption.checkPort(port);
    CountDownLatch end = new CountDownLatch(1);
    try (JudgeStore store = folder.open(plan);
        JudgeServer server = JudgeServer.start(store, host, port);
        StopSignals signals = StopSignals.listen(end::countDown)) {
      String base = url.base(host, server.port());
      terminal
          .out()
          .printf(
              Locale.ROOT,
              """
              Serving %s at %s
              Operator's page (for you alone; an earlier link to it no longer works):
                %s/o/%s
              Invite judges with: %s
              Ctrl-C ends it.
              """,
              folder.path(),
              base,
              base,
              store.inviteOperator(),
              folder.command("invite") + " --count 10 --url " + base);
      terminal.out().flush();
      end.await();
      terminal.say("Stopped; all answers are in " + folder.path().resolve(JudgeStore.NAME));
      return signals.exitCode();
    }
  }
}
