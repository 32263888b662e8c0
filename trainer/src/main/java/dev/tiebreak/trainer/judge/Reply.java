package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.Resources;
import java.nio.charset.StandardCharsets;

/**
 * What is sent back.
 *
 * @param status of HTTP
 * @param type media type of the content
 * @param content the bytes
 * @param allow methods that are possible, where another was asked for; empty otherwise
 */
record Reply(int status, String type, byte[] content, String allow) {
  static final String HTML = "text/html; charset=utf-8";
  static final String CSS = "text/css; charset=utf-8";
  static final String SCRIPT = "text/javascript; charset=utf-8";
  static final String SVG = "image/svg+xml";
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  static Reply json(Object value) {
    return new Reply(200, JSON, Json.line(value).getBytes(StandardCharsets.UTF_8), "");
  }

  static Reply error(int status, String words) {
    return new Reply(status, TEXT, (words + "\n").getBytes(StandardCharsets.UTF_8), "");
  }

  static Reply notAllowed(String allow) {
    return new Reply(405, TEXT, "method not allowed\n".getBytes(StandardCharsets.UTF_8), allow);
  }

  static Reply options(String allow) {
    return new Reply(204, TEXT, new byte[0], allow);
  }

  /** A file of this package's resources. */
  static Reply resource(int status, String type, String name) {
    return new Reply(status, type, Resources.bytes(Reply.class, name), "");
  }
}
