package dev.tiebreak.tests.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * All parts of a run together, as {@code results.json} and {@code results.md}.
 *
 * <p>A part is a process that {@code run.sh} started: a section of this suite or a command of
 * {@code peer.py}. It lists them in {@code parts.tsv} (name, exit status, seconds, limit in
 * seconds); what a part found is in {@code parts/NAME.json}, if it came that far.
 */
final class Summary {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int TIMED_OUT = 124;
  private static final int KILLED = 137;
  private static final int SKIPPED = 77;

  /**
   * A part.
   *
   * @param status how its process ended: 0 well, 77 could not be run here
   * @param result what it wrote, if anything
   */
  record Part(String name, int status, int seconds, int limit, Optional<JsonNode> result) {
    boolean ok() {
      return status == 0 && result.map(json -> json.path("ok").asBoolean(true)).orElse(true);
    }

    String outcome() {
      return switch (status) {
        case 0 -> ok() ? "ok" : "**failed**";
        case SKIPPED -> "not run";
        case TIMED_OUT, KILLED -> String.format(Locale.ROOT, "**over %d s**", limit);
        default -> "**failed**";
      };
    }
  }

  private final Path folder;
  private final List<Part> parts;

  private Summary(Path folder, List<Part> parts) {
    this.folder = folder;
    this.parts = parts;
  }

  /** Reads a folder that {@code run.sh} has filled. */
  static Summary of(Path folder) {
    try {
      List<Part> parts = new ArrayList<>();
      for (String line : Files.readAllLines(folder.resolve("parts.tsv"))) {
        String[] fields = line.split("\t");
        parts.add(
            new Part(
                fields[0],
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                read(folder.resolve("parts").resolve(fields[0] + ".json"))));
      }
      return new Summary(folder, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process that was killed left half-written counts as nothing. */
  private static Optional<JsonNode> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readTree(Files.readString(file)));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  List<Part> parts() {
    return parts;
  }

  /** Writes both files and returns whether nothing failed. */
  boolean write() {
    try {
      String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      Files.writeString(
          folder.resolve("results.json"),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(date)) + "\n");
      Files.writeString(folder.resolve("results.md"), new SummaryPage(this, date).markdown());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return failures().isEmpty();
  }

  private ObjectNode json(String date) {
    ObjectNode all = JSON.createObjectNode();
    all.put("date", date);
    all.put("device", device());
    all.put("version", version());
    all.put("ok", failures().isEmpty());
    var list = all.putArray("parts");
    for (Part part : parts) {
      ObjectNode one = list.addObject();
      one.put("name", part.name);
      one.put("status", part.status);
      one.put("seconds", part.seconds);
      part.result.ifPresent(result -> one.set("result", result));
    }
    return all;
  }

  /** Parts that were run and did not end well. */
  List<Part> failures() {
    return parts.stream().filter(part -> !part.ok() && part.status != SKIPPED).toList();
  }

  /** The GPU's name. */
  String device() {
    return fact("libraries", "device").map(JsonNode::asString).orElse("no GPU");
  }

  /** The commit that was bundled. */
  String version() {
    try {
      return Files.readString(folder.resolve("version")).lines().findFirst().orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** A fact of one of our sections. */
  Optional<JsonNode> fact(String part, String name) {
    return parts.stream()
        .filter(each -> each.name.equals(part))
        .flatMap(each -> each.result.stream())
        .map(json -> json.path("facts").path(name))
        .filter(json -> !json.isMissingNode())
        .findFirst();
  }

  /** All measured training steps, ours and PyTorch's. */
  List<JsonNode> steps() {
    List<JsonNode> steps = new ArrayList<>();
    for (Part part : parts) {
      JsonNode json = part.result.orElse(JSON.createObjectNode());
      if (json.path("kind").asString("").equals("step")) {
        steps.add(json);
      }
      StreamSupport.stream(json.path("steps").spliterator(), false).forEach(steps::add);
    }
    return steps;
  }

  /** The fastest matrix product of this run in TFLOP/s, ours or PyTorch's, 0 if none was timed. */
  double matrixRate() {
    return parts.stream()
        .flatMap(part -> part.result.stream())
        .mapToDouble(json ->
            Math.max(
                json.path("teraflops").asDouble(0),
                json.path("facts").path("teraflops").asDouble(0)))
        .max()
        .orElse(0);
  }
}
