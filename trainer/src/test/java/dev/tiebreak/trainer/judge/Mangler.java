package dev.tiebreak.trainer.judge;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Makes requests that nobody should send. None of them is a valid answer or undo: the key is cut,
 * the item or the choice does not exist, or the bytes are no HTTP.
 */
final class Mangler {
  private static final List<String> BODIES =
      List.of(
          "{\"item\":2,\"choice\":\"left\",\"ms\":1,\"client_time\":\"2026-03-01T10:00:00Z\",\"device\":\"phone\",\"key\":\"short\"}",
          "{\"item\":-1,\"choice\":\"left\",\"ms\":1,\"client_time\":\"x\",\"device\":\"phone\",\"key\":\"ffffffffffffffffffffffffffffffff\"}",
          "{\"item\":1e99,\"choice\":\"both\",\"ms\":1}",
          "{\"item\":2,\"item\":3,\"choice\":\"left\"}",
          "{\"item\":\"'; DROP TABLE answers; --\"}",
          "{\"item\":null,\"choice\":{\"left\":1},\"ms\":[1]}",
          "[".repeat(8000),
          "{\"a\":".repeat(2500),
          "\"\\ud800\"",
          "{\"consent\":false,\"key\":\"ffffffffffffffffffffffffffffffff\"}",
          "{\"item\":999999999}",
          "null",
          "",
          "\u00ff\u00fe\u0000");
  private static final List<String> ACTIONS = List.of("answer", "undo", "begin", "pause", "look");
  private static final List<String> PATHS =
      List.of(
          "/../../judge.db",
          "/%2e%2e/judge.db",
          "/j/%00",
          "/j/%",
          "//j//",
          "/api//answer",
          "/;jsessionid=1",
          "*",
          "http://elsewhere/",
          "/\\..\\judge.db",
          "/judge.css?a=%zz#x",
          "/" + "a".repeat(9000));
  private static final List<String> HEADERS =
      List.of(
          "Content-Length: -5",
          "Content-Length: 99999999999999999999",
          "Content-Length: 3\r\nContent-Length: 4",
          "Transfer-Encoding: gzip",
          "Transfer-Encoding: chunked\r\nContent-Length: 3",
          "Expect: 200-maybe",
          "Host: a b",
          "Host:",
          "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
          "Range: bytes=0-1,5-",
          "Content-Type: text/xml",
          "Content-Encoding: br",
          " folded: header",
          "no colon",
          "X\u0000Y: z",
          "Cookie: " + "c=".repeat(3000));
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "TRACE", "CONNECT", "PATCH", "get", "G\u00e9T", "PRI", "");
  private static final List<String> VERSIONS =
      List.of("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/7.3", "FTP/1.1", "");

  private final Random random;
  private final String api;

  Mangler(Random random, String api) {
    this.random = random;
    this.api = api;
  }

  byte[] next() {
    return switch (random.nextInt(4)) {
      case 0 -> noise();
      case 1 -> request(api + pick(ACTIONS.subList(0, 2)), "POST", "HTTP/1.1", pick(BODIES), "");
      case 2 -> flipped(request(pick(PATHS), pick(METHODS), pick(VERSIONS), "", pick(HEADERS)));
      default ->
          request(
              random.nextBoolean() ? pick(PATHS) : api + pick(ACTIONS),
              pick(METHODS),
              pick(VERSIONS),
              pick(BODIES),
              pick(HEADERS));
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private byte[] noise() {
    byte[] bytes = new byte[1 + random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] request(
      String path, String method, String version, String body, String header) {
    String text =
        method
            + " "
            + path
            + " "
            + version
            + "\r\nHost: here\r\nConnection: close\r\n"
            + (header.isEmpty() ? "" : header + "\r\n")
            + "Content-Type: application/json\r\n"
            + (header.startsWith("Content-Length")
                ? ""
                : "Content-Length: " + body.length() + "\r\n")
            + "\r\n"
            + body;
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Some bytes are others, or the end is missing. */
  private byte[] flipped(byte[] bytes) {
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(3) > 0
        ? bytes
        : java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }
}
