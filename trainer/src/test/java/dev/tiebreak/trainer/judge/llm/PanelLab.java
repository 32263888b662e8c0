package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.llm.MisbehavingServer.Behaviour;
import dev.tiebreak.trainer.judge.llm.MisbehavingServer.Request;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A panel, a server and pairs to try them with: in each pair the good text has the word GOOD. */
final class PanelLab implements AutoCloseable {
  static final int TOKENS_IN = 1001;
  static final int TOKENS_OUT = 7;
  static final String KEY = "sk-a-very-secret-key";

  private final Path folder;
  private final MisbehavingServer server;
  final List<Duration> pauses = new CopyOnWriteArrayList<>();

  /**
   * @param folder for replies
   */
  PanelLab(Path folder, Function<Request, Behaviour> behaviour) throws IOException {
    this.folder = folder;
    this.server = new MisbehavingServer(behaviour);
  }

  /** Pairs of equal lengths; in every second one the good text stands left. */
  static List<JudgedPair> pairs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          JudgedPair pair =
              new JudgedPair(
                  "x" + i,
                  "p" + i,
                  Words.of("Tale %04d", i),
                  "GOOD tale",
                  "poor tale",
                  "g" + i,
                  "b" + i);
          return i % 2 == 0 ? pair : pair.swapped();
        })
        .toList();
  }

  /** Takes the good text, wherever it stands. */
  static Behaviour good(Request request) {
    boolean left = request.question().indexOf("GOOD") < request.question().indexOf("poor");
    return verdict(left ? "left" : "right");
  }

  static Behaviour verdict(String choice) {
    return MisbehavingServer.says(
        Words.of("Because.\n{\"choice\":\"%s\"}", choice), TOKENS_IN, TOKENS_OUT);
  }

  /** A judge on the server. */
  LlmJudge judge(String name, double priceIn, double priceOut, int concurrency) {
    return new LlmJudge(
        name,
        "vendor",
        server.baseUrl(),
        name + "-1",
        "LAB_KEY",
        priceIn,
        priceOut,
        true,
        0,
        100,
        LlmJudge.LimitName.MAX_TOKENS,
        concurrency,
        2);
  }

  LlmJudge free(String name) {
    return judge(name, 0, 0, 4);
  }

  /** What a run came to. */
  record Done(List<JudgeSummary> judges, List<Vote> votes, List<Reply> replies) {
    JudgeSummary judge() {
      return judges.getFirst();
    }

    Vote vote(String pair) {
      return votes.stream()
          .filter(vote -> vote.shown().pair().equals(pair))
          .findFirst()
          .orElseThrow();
    }
  }

  Done run(List<JudgedPair> pairs, String budget, LlmJudge... judges) {
    try (ReplyLog log = ReplyLog.open(folder.resolve(ReplyLog.NAME))) {
      List<JudgeSummary> summaries = panelRun(pairs, budget, log, () -> {}, judges).run();
      return new Done(summaries, Verdicts.votes(log), log.all());
    }
  }

  PanelRun panelRun(
      List<JudgedPair> pairs, String budget, ReplyLog log, Runnable replied, LlmJudge... judges) {
    PanelOptions options =
        new PanelOptions(
            Optional.ofNullable(budget).map(BigDecimal::new),
            Map.of("LAB_KEY", KEY)::get,
            pauses::add,
            replied);
    return new PanelRun(pairs, new Panel(List.of(judges)), options, log);
  }

  List<Request> requests() {
    return server.requests();
  }

  /** The bodies of all requests, in the order they came in. */
  List<String> bodies() {
    return new ArrayList<>(requests().stream().map(Request::body).toList());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
