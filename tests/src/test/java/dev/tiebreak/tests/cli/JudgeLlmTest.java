package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole panel through the command, with a kill in the middle. */
@Tag("slow")
@Timeout(120)
class JudgeLlmTest {
  private static final int PAIRS = 10;
  private static final int BEFORE_THE_KILL = 7;
  private static final String REPLY =
      """
      {"choices":[{"message":{"content":"{\\"choice\\":\\"left\\"}"}}],"usage":{"prompt_tokens":300,"completion_tokens":8}}
      """;

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch reached = new CountDownLatch(BEFORE_THE_KILL + 1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean holding = true;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          try {
            answer(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    Files.writeString(folder.resolve("pairs.jsonl"), JudgedPairs.lines(PAIRS));
    Files.writeString(
        folder.resolve("panel.toml"),
        String.format(
            Locale.ROOT,
            """
            [[judge]]
            name = "m"
            vendor = "v"
            base_url = "http://127.0.0.1:%d/v1"
            model = "m-1"
            price_in = 1
            price_out = 2
            concurrency = 1
            """,
            server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
  }

  /** Answers; the question after so many waits until it is released. */
  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    reached.countDown();
    if (holding && reached.getCount() == 0) {
      released.await();
    }
    byte[] reply = REPLY.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, reply.length);
    exchange.getResponseBody().write(reply);
    exchange.close();
  }

  private List<String> command(String... options) {
    List<String> line = new ArrayList<>(List.of("judge", "llm", folder.toString()));
    line.addAll(List.of(options));
    return line;
  }

  private List<String> run() {
    return command("--panel=" + folder.resolve("panel.toml"), "--budget=1.00");
  }

  /** A process of its own that waits for the answer to its eighth question. */
  private Process startAndReach() throws Exception {
    Process process =
        new ProcessBuilder(TinyTraining.java(run()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    return process;
  }

  @Test
  void aPanelThatIsInterruptedWaitsForWhatIsOnItsWay() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    Process process = startAndReach();
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    while (!Files.readString(folder.resolve("out")).contains("Stopping")) {
      Thread.sleep(10);
    }
    released.countDown();
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(asked).hasSize(BEFORE_THE_KILL + 1);
    assertThat(Files.readAllLines(folder.resolve("votes.jsonl"))).hasSize(4);
    Outcome.of(run()).succeeded();
    assertThat(asked).hasSize(2 * PAIRS).doesNotHaveDuplicates();
  }

  @Test
  void aKilledPanelGoesOnAndAsksNothingTwice() throws Exception {
    Process process = startAndReach();
    process.destroyForcibly().waitFor(); // SIGKILL
    assertThat(Files.readAllLines(folder.resolve("llm-replies.jsonl"))).hasSize(BEFORE_THE_KILL);
    Set<String> answered = new HashSet<>(asked.subList(0, BEFORE_THE_KILL));

    holding = false;
    Outcome outcome = Outcome.of(run()).succeeded();
    assertThat(outcome.out())
        .containsPattern("m +10 +0 +0 +0.006320") // 20 x (300 + 8 x 2) / 1,000,000
        .contains("10 votes added to");
    List<String> later = asked.subList(BEFORE_THE_KILL + 1, asked.size());
    assertThat(later).hasSize(2 * PAIRS - BEFORE_THE_KILL).doesNotContainAnyElementsOf(answered);
    assertThat(new HashSet<>(asked)).hasSize(2 * PAIRS);

    Path again = folder.resolve("again.jsonl");
    Outcome.of(command("--replay", "--votes=" + again)).succeeded();
    assertThat(again).hasSameBinaryContentAs(folder.resolve("votes.jsonl"));
    Outcome.of(run()).succeeded();
    assertThat(asked).hasSize(2 * PAIRS + 1);
  }

  @Test
  void anEndBeforeTheLastPairIsAnErrorThatLosesNothing() throws IOException {
    holding = false;
    List<String> little = command("--panel=" + folder.resolve("panel.toml"), "--budget=0.005");
    Outcome outcome = Outcome.of(little);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("not all pairs are judged: m: the budget does not cover another request");
    int sofar = asked.size();
    assertThat(sofar).isBetween(1, 2 * PAIRS - 1);
    assertThat(Files.readAllLines(folder.resolve("llm-replies.jsonl"))).hasSize(sofar);
    assertThat(Files.readAllLines(folder.resolve("votes.jsonl"))).hasSize(sofar / 2);
    Outcome.of(run()).succeeded();
    assertThat(asked).hasSize(2 * PAIRS).doesNotHaveDuplicates();
    assertThat(Files.readAllLines(folder.resolve("votes.jsonl"))).hasSize(PAIRS);
  }
}
