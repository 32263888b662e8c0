package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.StatisticsJson;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.study.Prompts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code completions.jsonl}: every text that was written, a line each, kept as soon as it is there,
 * so that a killed program does not write it again. It names arms, so it is as private as the key.
 * Safe for several threads.
 *
 * <p>A text is found by its fingerprint, so one of other weights or settings is not taken.
 */
final class CompletionCache implements AutoCloseable {
  private static final String FINGERPRINT = "fingerprint";
  private static final String TEXT = "text";

  private final Path file;
  private final Prompts prompts;
  private final Map<String, JsonNode> lines = new HashMap<>(); // by fingerprint
  private final FileChannel channel;

  private CompletionCache(Path file, Prompts prompts) throws IOException {
    this.file = file;
    this.prompts = prompts;
    String text = Files.exists(file) ? Files.readString(file) : "";
    String whole = text.substring(0, text.lastIndexOf('\n') + 1); // a kill cuts the last line
    for (String line : whole.split("\n")) {
      if (!line.isBlank()) {
        JsonNode json = JsonMapper.shared().readTree(line);
        StatisticsJson.read(json); // throws if the line is damaged
        lines.put(json.required(FINGERPRINT).asString(), json);
      }
    }
    AtomicFiles.writePrivate(file, whole);
    this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /**
   * Opens the file, or makes it.
   *
   * @param prompts of the study, for the ids in the lines
   * @throws UserError if it cannot be read or written, or is damaged
   */
  static CompletionCache open(Path file, Prompts prompts) {
    try {
      return new CompletionCache(file, prompts);
    } catch (IOException e) {
      throw UserError.io("write the completions", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError(
          Words.of(
              "a line of %s is damaged; remove that line, and its text is written again", file),
          e);
    }
  }

  /** The text of that fingerprint, if it is there. */
  synchronized Optional<Completion> find(CompletionRequest request, String fingerprint) {
    return Optional.ofNullable(lines.get(fingerprint))
        .map(json ->
            new Completion(
                request, fingerprint, json.path(TEXT).asString(""), StatisticsJson.read(json)));
  }

  /** Keeps a text. */
  synchronized void add(Completion completion) {
    ObjectNode json = json(completion);
    ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw UserError.io("write the completions", file, e);
    }
    lines.put(completion.fingerprint(), json);
  }

  /** Closes the file and leaves these texts in it, in their order: the same bytes each time. */
  synchronized void finish(Collection<Completion> all) {
    close();
    StringBuilder text = new StringBuilder();
    all.forEach(completion -> text.append(json(completion)).append('\n'));
    try {
      AtomicFiles.writePrivate(file, text.toString());
    } catch (IOException e) {
      throw UserError.io("write the completions", file, e);
    }
  }

  private ObjectNode json(Completion completion) {
    CompletionRequest request = completion.request();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("arm", request.run().arm());
    json.put("seed", request.run().seed());
    json.put("temperature", request.temperature());
    json.put("prompt", prompts.all().get(request.prompt()).id());
    json.put("completion", request.sample());
    json.put(TEXT, completion.text());
    StatisticsJson.put(json, completion.statistics());
    json.put(FINGERPRINT, completion.fingerprint());
    return json;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw UserError.io("close the completions", file, e);
    }
  }
}
