package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.judge.Links.Link;
import dev.tiebreak.trainer.judge.Sitting.Answer;
import dev.tiebreak.trainer.judge.Sitting.Questions;
import dev.tiebreak.trainer.judge.Sitting.Shown;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers requests: pages, their files, and the calls that the page's script makes. Everything that
 * comes in is checked here; a judge is told nothing but {@link Sitting}.
 */
final class JudgeApi {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final String READ = "GET, HEAD, OPTIONS";
  private static final String WRITE = "POST, OPTIONS";
  private static final long MOST_MILLIS = 24L * 60 * 60 * 1000;
  private static final long UNKNOWN = -1; // shares one rate
  private static final Map<String, String> CHOICES =
      Map.of("left", "LEFT", "right", "RIGHT", "same", "SAME", "unusable", "UNUSABLE");
  private static final String KEY = "[0-9a-f]{32}"; // 128 bits
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
        case "look" -> Reply.json(json(store.sittings().look(link.get())));
        case "begin" -> begin(link.get(), token, body(call));
        case "answer" -> answer(link.get(), body(call));
        case "undo" -> undo(link.get(), body(call));
        case "pause" -> pause(link.get(), body(call));
        default -> Reply.json(StatusJson.of(store.status(), store.settings()));
      };
    } catch (BadRequest e) {
      return Reply.error(400, e.getMessage());
    }
  }

  private Reply begin(Link link, String token, JsonNode body) throws BadRequest {
    if (!body.path("consent").isBoolean() || !body.path("consent").booleanValue()) {
      throw new BadRequest("consent must be true");
    }
    Questions questions =
        new Questions(
            oneOf(body, "native_speaker", List.of("", "yes", "no")),
            oneOf(
                body, "age_band", List.of("", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")),
            oneOf(body, "experience", List.of("", "none", "some", "expert")));
    Sitting.Begun begun = store.sittings().begin(link, token, questions, text(body, "key", KEY));
    ObjectNode json = json(begun.sitting());
    json.put("token", begun.token());
    return Reply.json(json);
  }

  private Reply answer(Link link, JsonNode body) throws BadRequest {
    Answer answer =
        new Answer(
            (int) number(body, "item", 1, Integer.MAX_VALUE),
            CHOICES.get(oneOf(body, "choice", CHOICES.keySet().stream().toList())),
            number(body, "ms", 0, MOST_MILLIS),
            time(body),
            oneOf(body, "device", List.of("phone", "tablet", "desktop")),
            text(body, "key", KEY));
    return store
        .sittings()
        .answer(link, answer)
        .map(taken -> {
          ObjectNode json = json(taken.sitting());
          json.put("accepted", taken.accepted());
          return Reply.json(json);
        })
        .orElseGet(() -> Reply.error(409, "there is no such item to answer"));
  }

  private Reply undo(Link link, JsonNode body) throws BadRequest {
    return store
        .sittings()
        .undo(link, (int) number(body, "item", 1, Integer.MAX_VALUE))
        .map(sitting -> Reply.json(json(sitting)))
        .orElseGet(() -> Reply.error(409, "this sitting has not begun"));
  }

  private Reply pause(Link link, JsonNode body) throws BadRequest {
    if (!body.isEmpty()) {
      throw new BadRequest("nothing is expected");
    }
    return Reply.json(json(store.sittings().look(link)));
  }

  private static JsonNode body(Call call) throws BadRequest {
    if (!call.contentType().split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new BadRequest("the body must be application/json");
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(call.body())).toString();
      JsonNode json = MAPPER.readTree(text);
      if (json == null || !json.isObject()) {
        throw new BadRequest("the body must be an object");
      }
      return json;
    } catch (JacksonException | CharacterCodingException e) {
      throw new BadRequest("the body must be JSON in UTF-8");
    }
  }

  private static String oneOf(JsonNode body, String name, List<String> allowed) throws BadRequest {
    JsonNode value = body.path(name);
    if (!value.isString() || !allowed.contains(value.stringValue())) {
      throw new BadRequest(name + " is none of the possible values");
    }
    return value.stringValue();
  }

  private static String text(JsonNode body, String name, String pattern) throws BadRequest {
    JsonNode value = body.path(name);
    if (!value.isString() || !value.stringValue().matches(pattern)) {
      throw new BadRequest(name + " is not as expected");
    }
    return value.stringValue();
  }

  private static long number(JsonNode body, String name, long least, long most) throws BadRequest {
    JsonNode value = body.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new BadRequest(name + " is no whole number");
    }
    if (value.longValue() < least || value.longValue() > most) {
      throw new BadRequest(name + " is out of range");
    }
    return value.longValue();
  }

  private static long time(JsonNode body) throws BadRequest {
    try {
      return Instant.parse(text(body, "client_time", "[0-9TZ:.+-]{10,40}")).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new BadRequest("client_time is no time");
    }
  }

  private static ObjectNode json(Sitting sitting) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("phase", sitting.phase().name().toLowerCase(Locale.ROOT));
    json.put("answered", sitting.answered());
    json.put("total", sitting.total());
    json.put("undo", sitting.undo().orElse(0)); // items are counted from one
    ArrayNode items = json.putArray("items");
    for (Shown shown : sitting.items()) {
      ObjectNode item = items.addObject();
      item.put("item", shown.item());
      item.put("prompt", shown.prompt());
      item.put("left", shown.left());
      item.put("right", shown.right());
    }
    ObjectNode counts = json.putObject("counts");
    counts.put("left", sitting.counts().left());
    counts.put("right", sitting.counts().right());
    counts.put("same", sitting.counts().same());
    counts.put("unusable", sitting.counts().unusable());
    counts.put("ms", sitting.counts().millis());
    return json;
  }
}
