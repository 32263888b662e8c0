package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.DataManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code manifest.json}: what a run started from, so that two runs can prove what they share. All
 * hashes are SHA-256.
 *
 * @param arm which shapings of the training signal are on
 * @param seed of initial weights, data order and dropout
 * @param parameters number of weights
 * @param configHash of {@code config.toml}
 * @param initialWeightsHash of the bytes of all weights before the first step
 * @param dataOrderHash of the places in the text that the run's sequences begin at, in order
 * @param data the text and its tokens
 * @param code what ran
 * @param machine where it ran
 * @param started when, as an ISO-8601 instant
 */
public record RunManifest(
    String arm,
    long seed,
    long parameters,
    String configHash,
    String initialWeightsHash,
    String dataOrderHash,
    Data data,
    CodeVersion code,
    Machine machine,
    String started) {
  /** Version of the run folder's format. */
  public static final int VERSION = 1;

  private static final String FORMAT = "tiebreak-run";

  /**
   * The text and its tokens.
   *
   * @param sources files, folders and words it was made of
   * @param textHash of the text
   * @param textBytes size of the text in UTF-8
   * @param tokenizer such as {@code bpe:4096}
   * @param tokenizerHash of {@code tokenizer.json}
   * @param vocabulary number of token ids
   * @param tokensHash of the token ids
   * @param trainTokens tokens for training
   * @param validationTokens tokens for validation
   */
  public record Data(
      List<String> sources,
      String textHash,
      long textBytes,
      String tokenizer,
      String tokenizerHash,
      int vocabulary,
      String tokensHash,
      long trainTokens,
      long validationTokens) {

    /** Copies the list. */
    public Data {
      sources = List.copyOf(sources);
    }

    /** What a manifest of prepared data says. */
    public static Data of(DataManifest data) {
      return new Data(
          data.sources(),
          data.textSha256(),
          data.textBytes(),
          data.tokenizer(),
          data.tokenizerSha256(),
          data.vocabulary(),
          data.tokensSha256(),
          data.trainTokens(),
          data.validationTokens());
    }

    /** The JSON form. */
    public ObjectNode toJson() {
      ObjectNode text = JsonMapper.shared().createObjectNode();
      ArrayNode names = text.putArray("sources");
      sources.forEach(names::add);
      text.put("text_sha256", textHash);
      text.put("text_bytes", textBytes);
      text.put("tokenizer", tokenizer);
      text.put("tokenizer_sha256", tokenizerHash);
      text.put("vocabulary", vocabulary);
      text.put("tokens_sha256", tokensHash);
      text.put("train_tokens", trainTokens);
      text.put("validation_tokens", validationTokens);
      return text;
    }

    /**
     * Reads the JSON form.
     *
     * @throws JacksonException if something is missing
     */
    public static Data read(JsonNode json) {
      List<String> sources = new ArrayList<>();
      json.required("sources").forEach(source -> sources.add(source.asString()));
      return new Data(
          sources,
          json.required("text_sha256").asString(),
          json.required("text_bytes").asLong(),
          json.required("tokenizer").asString(),
          json.required("tokenizer_sha256").asString(),
          json.required("vocabulary").asInt(),
          json.required("tokens_sha256").asString(),
          json.required("train_tokens").asLong(),
          json.required("validation_tokens").asLong());
    }
  }

  /**
   * Where a run was computed; on another machine the bytes may differ.
   *
   * @param backend the device and the libraries in use
   * @param threads threads that computed
   * @param java the Java runtime
   * @param system operating system and processor architecture
   */
  public record Machine(String backend, int threads, String java, String system) {
    static Machine of(Backend backend, int threads) {
      return new Machine(
          backend.name() + ": " + backend.description(),
          threads,
          System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
          System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
  }

  /** The JSON form: indented, ending in a newline. */
  public String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.put("arm", arm);
    json.put("seed", seed);
    json.put("parameters", parameters);
    json.put("config_sha256", configHash);
    json.put("initial_weights_sha256", initialWeightsHash);
    json.put("data_order_sha256", dataOrderHash);
    json.set("data", data.toJson());
    ObjectNode program = json.putObject("code");
    program.put("version", code.version());
    program.put("classes_sha256", code.sha256());
    ObjectNode place = json.putObject("machine");
    place.put("backend", machine.backend);
    place.put("threads", machine.threads);
    place.put("java", machine.java);
    place.put("system", machine.system);
    json.put("started", started);
    return json.toPrettyString() + "\n";
  }

  void write(Path file) throws IOException {
    AtomicFiles.writeString(file, toJson());
  }

  /**
   * Reads a manifest.
   *
   * @throws UserError if the file is missing, damaged or of another version
   */
  public static RunManifest load(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      int version = json.path("version").asInt(-1);
      if (!FORMAT.equals(json.path("format").asString("")) || version != VERSION) {
        throw new UserError(
            Words.of(
                "%s is not the manifest of a run of version %d; use the program that wrote it",
                file, VERSION));
      }
      return read(json);
    } catch (IOException e) {
      throw UserError.io("read the run's manifest", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError("the run's manifest " + file + " is damaged; train again", e);
    }
  }

  private static RunManifest read(JsonNode json) {
    JsonNode code = json.required("code");
    JsonNode machine = json.required("machine");
    return new RunManifest(
        json.required("arm").asString(),
        json.required("seed").asLong(),
        json.required("parameters").asLong(),
        json.required("config_sha256").asString(),
        json.required("initial_weights_sha256").asString(),
        json.required("data_order_sha256").asString(),
        Data.read(json.required("data")),
        new CodeVersion(
            code.required("version").asString(), code.required("classes_sha256").asString()),
        new Machine(
            machine.required("backend").asString(),
            machine.required("threads").asInt(),
            machine.required("java").asString(),
            machine.required("system").asString()),
        json.required("started").asString());
  }

  /**
   * Checks that this run is the one that {@code begun} describes, so that it can go on.
   *
   * @throws UserError if configuration, data or initial weights are others
   */
  void requireSameRun(RunManifest begun, Path folder) {
    requireSame("configuration", configHash, begun.configHash, folder);
    requireSame("text", data.textHash, begun.data.textHash, folder);
    requireSame("tokens", data.tokensHash, begun.data.tokensHash, folder);
    requireSame("order of the data", dataOrderHash, begun.dataOrderHash, folder);
    requireSame("initial weights", initialWeightsHash, begun.initialWeightsHash, folder);
  }

  private static void requireSame(String what, String now, String then, Path folder) {
    if (!now.equals(then)) {
      throw new UserError(
          Words.of(
              "cannot resume %s: its %s (SHA-256 %.8s...) is no longer the same (%.8s...); restore it, go on with the version that began it, or train anew, over it or in another folder",
              folder, what, then, now),
          Remedy.parameter("overwrite"),
          Remedy.parameter("run"));
    }
  }
}
