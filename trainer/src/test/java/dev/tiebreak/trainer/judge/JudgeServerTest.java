package dev.tiebreak.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JudgeServerTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String BEGIN =
      "{\"consent\":true,\"native_speaker\":\"yes\",\"age_band\":\"65+\",\"experience\":\"\","
          + "\"key\":\""
          + KEY
          + "\"}";

  @TempDir Path folder;

  private JudgeStore store;
  private JudgeServer server;
  private Wire wire;
  private String api;
  private String token;

  @BeforeEach
  void start() {
    store =
        JudgeStore.open(
            folder.resolve(JudgeStore.NAME), Pairs.file(folder, 8, 2), Pairs.settings(1, 6, 1, 1));
    server = JudgeServer.start(store, "127.0.0.1", 0);
    wire = new Wire(server.port());
    token = store.inviteJudges(1, JudgeRole.READER).getFirst();
    api = "/api/" + token + "/";
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  private static String answer(int item, String key) {
    return Words.of(
        "{\"item\":%d,\"choice\":\"left\",\"ms\":900,\"client_time\":\"2026-03-01T10:00:00Z\",\"device\":\"phone\",\"key\":\"%s\"}",
        item, key);
  }

  @Test
  void everyReplyIsGuardedByItsHeaders() throws IOException {
    List<String> replies =
        List.of(
            wire.ask("GET", "/j/" + token),
            wire.ask("GET", "/judge.js"),
            wire.ask("GET", api + "look"),
            wire.ask("GET", "/no/such/thing"),
            wire.ask("DELETE", "/j/" + token),
            wire.post(api + "answer", "{"),
            wire.send("NONSENSE\r\n\r\n"));
    for (String reply : replies) {
      assertThat(reply)
          .contains(
              "default-src 'none'",
              "script-src 'self'",
              "X-Content-Type-Options: nosniff",
              "Cache-Control: no-store",
              "Referrer-Policy: no-referrer")
          .doesNotContain("Server:", "unsafe", "Set-Cookie", "Access-Control", "\tat ");
    }
    assertThat(replies.stream().map(Wire::status))
        .containsExactly(200, 200, 200, 404, 405, 400, 400);
  }

  @Test
  void methodsAreAsTheyShouldBe() throws IOException {
    String head = wire.ask("HEAD", "/j/" + token);
    assertThat(Wire.status(head)).isEqualTo(200);
    assertThat(Wire.body(head)).isEmpty();
    assertThat(wire.ask("OPTIONS", "/judge.css")).contains("204", "Allow: GET, HEAD, OPTIONS");
    assertThat(wire.ask("GET", api + "answer")).contains("405", "Allow: POST, OPTIONS");
    assertThat(wire.post(api + "look", "{}")).contains("405");
    assertThat(wire.ask("BREW", "/")).contains("405");
    assertThat(Wire.status(wire.ask("GET", "/"))).isEqualTo(404);
    assertThat(Wire.status(wire.ask("GET", "/judge.css/"))).isEqualTo(404);
  }

  @Test
  void nobodyElseGetsIn() throws IOException {
    String operator = store.inviteOperator();
    assertThat(Wire.status(wire.ask("GET", "/o/" + operator))).isEqualTo(200);
    assertThat(wire.ask("GET", "/api/" + operator + "/status")).contains("\"given\":0");
    for (String path :
        List.of(
            "/o/" + token,
            "/j/" + operator,
            api + "status",
            "/api/" + operator + "/look",
            "/j/" + token.toLowerCase(java.util.Locale.ROOT),
            "/j/" + "A".repeat(24),
            "/j/",
            "/j/..%2f..%2fjudge.db")) {
      assertThat(Wire.status(wire.ask("GET", path))).as(path).isIn(400, 404);
    }
    store.inviteOperator();
    assertThat(Wire.status(wire.ask("GET", "/o/" + operator))).as("an earlier link").isEqualTo(404);
    assertThat(Wire.status(wire.post(api + "begin", BEGIN, "Sec-Fetch-Site: cross-site")))
        .isEqualTo(403);
    store.revoke(token);
    assertThat(Wire.status(wire.post(api + "begin", BEGIN))).isEqualTo(404);
    assertThat(store.status().judges()).isEmpty();
  }

  @Test
  void sizesAndRatesAreLimited() throws IOException {
    assertThat(Wire.status(wire.post(api + "begin", " ".repeat(20_000) + BEGIN))).isEqualTo(413);
    assertThat(
            Wire.status(
                wire.send(
                    "POST "
                        + api
                        + "begin HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
                        + "5000\r\n"
                        + " ".repeat(0x5000)
                        + "\r\n0\r\n\r\n")))
        .isEqualTo(413);
    assertThat(Wire.status(wire.ask("GET", "/j/" + token, "X: " + "y".repeat(9000))))
        .isEqualTo(431);
    boolean limited = false;
    for (int i = 0; i < 500 && !limited; i++) {
      limited = Wire.status(wire.ask("GET", api + "look")) == 429;
    }
    assertThat(limited).isTrue();
    String other = store.inviteJudges(1, JudgeRole.READER).getFirst();
    assertThat(Wire.status(wire.ask("GET", "/j/" + other))).as("others go on").isEqualTo(200);
  }

  @Test
  void noReplyToAJudgeSaysWhatIsSealed() throws IOException {
    List<String> replies = new ArrayList<>();
    replies.add(wire.ask("GET", api + "look"));
    replies.add(wire.post(api + "begin", BEGIN));
    for (int item = 1; item <= 8; item++) {
      replies.add(wire.post(api + "answer", answer(item, Words.of("%032x", item))));
    }
    replies.add(wire.post(api + "undo", "{\"item\":8}"));
    replies.add(wire.post(api + "pause", "{}"));
    TreeSet<String> names = new TreeSet<>();
    for (String reply : replies) {
      assertThat(Wire.status(reply)).isEqualTo(200);
      JsonNode json = JsonMapper.shared().readTree(Wire.body(reply));
      names(json, names);
      assertThat(reply).doesNotContain("-left", "-right", "never shown", "prompt0\"");
    }
    assertThat(names)
        .as("all that a judge is ever told: no pair, side of the file, catch item, arm or seed")
        .containsExactly(
            "accepted",
            "answered",
            "counts",
            "item",
            "items",
            "left",
            "ms",
            "phase",
            "prompt",
            "right",
            "same",
            "token",
            "total",
            "undo",
            "unusable");
    for (String file : List.of("judge.html", "judge.js", "outbox.js", "judge.css", "gone.html")) {
      String text = new String(Reply.resource(200, "", file).content(), StandardCharsets.UTF_8);
      assertThat(text.toLowerCase(java.util.Locale.ROOT))
          .as(file)
          .doesNotContain("baseline", "treatment", "control arm", "http://", "https://");
    }
  }

  private static void names(JsonNode json, TreeSet<String> names) {
    names.addAll(json.propertyNames());
    json.forEach(child -> names(child, names));
  }

  @Test
  void thePageIsSmall() {
    long bytes = 0;
    for (String file : List.of("judge.html", "judge.js", "outbox.js", "judge.css", "icon.svg")) {
      bytes += Reply.resource(200, "", file).content().length;
    }
    assertThat(bytes).isLessThan(100_000);
  }

  @Test
  void aPortInUseIsSaid() {
    assertThatThrownBy(() -> JudgeServer.start(store, "127.0.0.1", server.port()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("in use; choose another");
  }

  /** Valid requests that were broken by chance, and bytes that never were one. */
  @Tag("slow")
  @Test
  void tenThousandBrokenRequestsChangeNothing() throws IOException {
    RateLimiter none = new RateLimiter(1e6, 1e6, System::nanoTime);
    server.close();
    server = JudgeServer.start(new JudgeApi(store, none, none), "127.0.0.1", 0);
    wire = new Wire(server.port());
    wire.post(api + "begin", BEGIN);
    wire.post(api + "answer", answer(1, KEY));
    JudgeStatus before = store.status();
    Random random = new Random(42);
    Mangler mangler = new Mangler(random, api);
    for (int i = 0; i < 10_000; i++) {
      byte[] request = mangler.next();
      String reply = wire.send(request);
      if (!reply.isEmpty()) { // else it just hung up
        assertThat(reply).startsWith("HTTP/1.1 ");
        assertThat(Wire.status(reply))
            .as(new String(request, StandardCharsets.UTF_8))
            .isLessThan(500);
        assertThat(reply).doesNotContain("\tat ", "Exception", "dev.tiebreak", "jetty");
      }
    }
    JudgeStatus after = store.status();
    assertThat(after.judges()).hasSize(1);
    assertThat(after.judges().getFirst().answered()).isEqualTo(1);
    assertThat(after.judges().getFirst().undone()).isZero();
    assertThat(after.links()).isEqualTo(before.links());
    assertThat(after.pairs()).isEqualTo(before.pairs());
    assertThat(Wire.status(wire.ask("GET", "/judge.css"))).isEqualTo(200);
  }
}
