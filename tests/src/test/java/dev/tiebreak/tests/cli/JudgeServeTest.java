package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands around the page of judges. */
@Tag("slow")
@Timeout(60)
class JudgeServeTest {
  @TempDir Path folder;

  @BeforeEach
  void writePairs() throws IOException {
    String line =
        "{\"pair\":\"a%d\",\"prompt\":\"p%d\",\"prompt_text\":\"Once\",\"left\":\" a b\",\"right\":\" c"
            + " d\",\"left_id\":\"l%d\",\"right_id\":\"r%d\"}\n";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      lines.append(String.format(Locale.ROOT, line, i, i, i, i));
    }
    Files.writeString(folder.resolve("pairs.jsonl"), lines);
  }

  private Outcome judge(String name, String... more) {
    List<String> args = new java.util.ArrayList<>(List.of("judge", name, folder.toString()));
    args.addAll(List.of(more));
    return Outcome.of(args);
  }

  @Test
  void invitationsAreMadeCountedAndRevoked() {
    judge("status").failedAtOnce("nothing is judged in", "tiebreak judge invite");
    Outcome three = judge("invite", "--count=3", "--url=https://judge.example.org/").succeeded();
    assertThat(three.out().lines())
        .hasSize(3)
        .doesNotHaveDuplicates()
        .allMatch(link -> link.matches("https://judge\\.example\\.org/j/[\\w-]{24}"));
    String open = judge("invite", "--open", "--cap=50").succeeded().out().strip();
    assertThat(open).startsWith("http://127.0.0.1:8080/j/");
    assertThat(judge("status").succeeded().out())
        .contains("0 of 12 judgments, 0 judges", "4 pairs have 0 judgments", "up to 50");
    judge("invite", "--revoke=" + open).succeeded();
    judge("invite", "--revoke=" + open).failedAtOnce("there is no link that works");
    assertThat(judge("status").succeeded().out()).contains("revoked");
    judge("invite", "--count=0").failedAtOnce("--count is 0", "from 1 to 10000");
    judge("invite", "--count=1", "--judgments-per-pair=5").failedAtOnce("was begun with other");
    judge("invite", "--count=1", "--url=example").failedAtOnce("--url is example", "https://");
  }

  @Test
  void whatCannotBeServedIsSaid() throws IOException {
    judge("serve", "--port=99999").failedAtOnce("--port is 99999");
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      judge("serve", "--port=" + taken.getLocalPort())
          .failedAtOnce("port " + taken.getLocalPort(), "in use", "--port");
    }
    Outcome.of("judge", "serve", folder.resolve("none").toString())
        .failedAtOnce("cannot read the pairs", "pairs.jsonl");
  }

  @Test
  void ctrlCEndsTheServerAndLeavesTheAnswers() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    Process process =
        new ProcessBuilder(
                TinyTraining.java(List.of("judge", "serve", folder.toString(), "--port=0")))
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    while (process.isAlive() && !Files.readString(folder.resolve("out")).contains("Ctrl-C")) {
      Thread.sleep(10);
    }
    String out = Files.readString(folder.resolve("out"));
    String base = out.lines().findFirst().orElseThrow().replaceFirst(".* at ", "");
    String operator = out.lines().filter(line -> line.contains("/o/")).findFirst().orElseThrow();
    String link = judge("invite", "--count=1", "--url=" + base).succeeded().out().strip();
    assertThat(status(operator.strip())).isEqualTo(200);
    assertThat(status(link)).as("made by another process while it serves").isEqualTo(200);
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(Files.readString(folder.resolve("err"))).contains("Stopped; all answers are in");
    assertThat(folder.resolve("judge.db-wal")).as("written back").doesNotExist();
  }

  private static int status(String address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
