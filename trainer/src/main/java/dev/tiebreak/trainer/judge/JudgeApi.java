package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.judge.Links.Link;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests: pages, their files, and the calls that the page's script makes. Everything that
 * comes in is checked here; a judge is told nothing but {@link Sitting}.
 */
final class JudgeApi {
  private static final String READ = "GET, HEAD, OPTIONS";
  private static final String WRITE = "POST, OPTIONS";
  private static final long UNKNOWN = -1; // shares one rate
  private static final List<String> CALLS = List.of("begin", "answer", "undo", "pause");
  private static final Map<String, Reply> FILES =
      Map.of(
          "/judge.css", Reply.resource(200, Reply.CSS, "judge.css"),
          "/judge.js", Reply.resource(200, Reply.SCRIPT, "judge.js"),
          "/outbox.js", Reply.resource(200, Reply.SCRIPT, "outbox.js"),
          "/operator.js", Reply.resource(200, Reply.SCRIPT, "operator.js"),
          "/icon.svg", Reply.resource(200, Reply.SVG, "icon.svg"));
  private static final Reply PAGE = Reply.resource(200, Reply.HTML, "judge.html");
  private static final Reply OPERATOR = Reply.resource(200, Reply.HTML, "operator.html");
  private static final Reply GONE = Reply.resource(404, Reply.HTML, "gone.html");

  private final JudgeStore store;
  private final RateLimiter known;
  private final RateLimiter unknown;

  JudgeApi(JudgeStore store, RateLimiter known, RateLimiter unknown) {
    this.store = store;
    this.known = known;
    this.unknown = unknown;
  }

  /** What came in and cannot be used. */
  private static final class BadRequest extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequest(String words) {
      super(words);
    }
  }

  /** A request, as far as it matters. */
  record Call(String method, String path, String contentType, byte[] body) {
    boolean reads() {
      return method.equals("GET") || method.equals("HEAD");
    }
  }

  Reply reply(Call call) {
    Reply file = FILES.get(call.path());
    if (file != null) {
      return call.reads() ? file : other(call, READ);
    }
    String[] parts = call.path().split("/", -1); // "", kind, token, action
    if (parts.length == 3 && (parts[1].equals("j") || parts[1].equals("o"))) {
      return page(call, parts[2], parts[1].equals("o"));
    }
    if (parts.length == 4 && parts[1].equals("api")) {
      return api(call, parts[2], parts[3]);
    }
    return call.reads() ? GONE : other(call, READ);
  }

  private static Reply other(Call call, String allow) {
    return call.method().equals("OPTIONS") ? Reply.options(allow) : Reply.notAllowed(allow);
  }

  private Reply page(Call call, String token, boolean operator) {
    if (!call.reads()) {
      return other(call, READ);
    }
    Optional<Link> link = store.links().find(token);
    if (!admits(link)) {
      return Reply.error(429, "too many requests; wait a moment");
    }
    if (link.isEmpty() || link.get().isOperator() != operator) {
      return GONE;
    }
    return operator ? OPERATOR : PAGE;
  }

  private boolean admits(Optional<Link> link) {
    return link.isPresent() ? known.admits(link.get().id()) : unknown.admits(UNKNOWN);
  }

  private Reply api(Call call, String token, String action) {
    boolean writes = CALLS.contains(action);
    if (!writes && !action.equals("look") && !action.equals("status")) {
      return Reply.error(404, "there is nothing here");
    }
    if (writes ? !call.method().equals("POST") : !call.reads()) {
      return other(call, writes ? WRITE : READ);
    }
    Optional<Link> link = store.links().find(token);
    if (!admits(link)) {
      return Reply.error(429, "too many requests; wait a moment");
    }
    if (link.isEmpty() || link.get().isOperator() != action.equals("status")) {
      return Reply.error(404, "this link opens nothing");
    }
    try {
      return reply(call, link.get(), token, action);
    } catch (BadRequest e) {
      return Reply.error(400, e.getMessage());
    }
  }

  private Reply reply(Call call, Link link, String token, String action) throws BadRequest {
    Sittings sittings = store.sittings();
    return switch (action) {
      case "begin" -> {
        Requests.Begin said = body(call, Requests.Begin.class);
        yield Reply.json(sittings.begin(link, token, said.questions(), said.key()));
      }
      case "answer" ->
          orConflict(
              sittings.answer(link, body(call, Requests.Answer.class).answer()),
              "there is no such item to answer");
      case "undo" ->
          orConflict(
              sittings.undo(link, body(call, Requests.Undo.class).item()),
              "this sitting has not begun");
      case "look", "pause" -> {
        if (action.equals("pause")) {
          body(call, Requests.Pause.class);
        }
        yield Reply.json(sittings.look(link));
      }
      default -> Reply.json(store.status());
    };
  }

  private static <R> Reply orConflict(Optional<R> value, String words) {
    return value.map(Reply::json).orElseGet(() -> Reply.error(409, words));
  }

  private static <R> R body(Call call, Class<R> type) throws BadRequest {
    if (!call.contentType().split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new BadRequest("the body must be application/json");
    }
    try {
      return Json.read(
          type,
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(call.body())).toString());
    } catch (CharacterCodingException e) {
      throw new BadRequest("the body must be JSON in UTF-8");
    } catch (IllegalArgumentException e) {
      throw new BadRequest("the body is not as expected: " + e.getMessage());
    }
  }
}
