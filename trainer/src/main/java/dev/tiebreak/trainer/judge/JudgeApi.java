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
    if (parts.length == 3 && parts[1].equals("j")) {
      return page(call, parts[2], PAGE, false);
    }
    if (parts.length == 3 && parts[1].equals("o")) {
      return page(call, parts[2], OPERATOR, true);
    }
    if (parts.length == 4 && parts[1].equals("api")) {
      return api(call, parts[2], parts[3]);
    }
    return call.reads() ? GONE : other(call, READ);
  }

  private static Reply other(Call call, String allow) {
    return call.method().equals("OPTIONS") ? Reply.options(allow) : Reply.notAllowed(allow);
  }

  private Reply page(Call call, String token, Reply page, boolean operator) {
    if (!call.reads()) {
      return other(call, READ);
    }
    Optional<Link> link = store.links().find(token);
    if (!admits(link)) {
      return Reply.error(429, "too many requests; wait a moment");
    }
    boolean opens = link.isPresent() && (link.get().kind() == Links.Kind.OPERATOR) == operator;
    return opens ? page : GONE;
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
    boolean operator = action.equals("status");
    if (link.isEmpty() || (link.get().kind() == Links.Kind.OPERATOR) != operator) {
      return Reply.error(404, "this link opens nothing");
    }
    try {
      return switch (action) {
        case "look" -> Reply.json(store.sittings().look(link.get()));
        case "begin" -> begin(link.get(), token, body(call, Requests.Begin.class));
        case "answer" -> answer(link.get(), body(call, Requests.Answer.class));
        case "undo" -> undo(link.get(), body(call, Requests.Undo.class));
        case "pause" -> {
          body(call, Requests.Pause.class);
          yield Reply.json(store.sittings().look(link.get()));
        }
        default -> Reply.json(store.status());
      };
    } catch (BadRequest e) {
      return Reply.error(400, e.getMessage());
    }
  }

  private Reply begin(Link link, String token, Requests.Begin said) {
    return Reply.json(store.sittings().begin(link, token, said.questions(), said.key()));
  }

  private Reply answer(Link link, Requests.Answer said) {
    return store
        .sittings()
        .answer(link, said.answer())
        .map(Reply::json)
        .orElseGet(() -> Reply.error(409, "there is no such item to answer"));
  }

  private Reply undo(Link link, Requests.Undo said) {
    return store
        .sittings()
        .undo(link, said.item())
        .map(Reply::json)
        .orElseGet(() -> Reply.error(409, "this sitting has not begun"));
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
