package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.UserError;
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
 * What prepared data is, so that two runs can prove that they read the same. All hashes are SHA-256
 * in hexadecimal.
 *
 * @param sources what the text was made of, as the user named it
 * @param documents how many texts that was
 * @param textBytes size of the text in bytes of UTF-8
 * @param textSha256 hash of the text; documents are set apart by a zero byte
 * @param tokenizer the tokenizer as a user writes it, such as {@code bpe:4096}
 * @param tokenizerSha256 hash of the tokenizer's file
 * @param vocabulary number of token ids
 * @param bytesPerToken 2 or 4: little-endian unsigned integers in the token file
 * @param tokens number of tokens in all
 * @param trainTokens how many of them, from the first, are for training
 * @param validationTokens how many, the rest, are for validation
 * @param tokensSha256 hash of the token file
 */
public record DataManifest(
    List<String> sources,
    long documents,
    long textBytes,
    String textSha256,
    String tokenizer,
    String tokenizerSha256,
    int vocabulary,
    int bytesPerToken,
    long tokens,
    long trainTokens,
    long validationTokens,
    String tokensSha256) {

  /** Version of the manifest and of the files that it describes. */
  public static final int VERSION = 1;

  private static final String FORMAT = "tiebreak-data";

  /** Checks that the parts add up. */
  public DataManifest {
    sources = List.copyOf(sources);
    if (bytesPerToken != Short.BYTES && bytesPerToken != Integer.BYTES) {
      throw new IllegalArgumentException("bytes per token must be 2 or 4, got " + bytesPerToken);
    }
    if (trainTokens < 0 || validationTokens < 0 || trainTokens + validationTokens != tokens) {
      throw new IllegalArgumentException("training and validation tokens do not add up");
    }
  }

  /** The JSON form: indented, ending in a newline. */
  public String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    ArrayNode names = json.putArray("sources");
    sources.forEach(names::add);
    json.put("documents", documents);
    json.put("textBytes", textBytes);
    json.put("textSha256", textSha256);
    json.put("tokenizer", tokenizer);
    json.put("tokenizerSha256", tokenizerSha256);
    json.put("vocabulary", vocabulary);
    json.put("bytesPerToken", bytesPerToken);
    json.put("tokens", tokens);
    json.put("trainTokens", trainTokens);
    json.put("validationTokens", validationTokens);
    json.put("tokensSha256", tokensSha256);
    return json.toPrettyString() + "\n";
  }

  /**
   * Reads a manifest.
   *
   * @throws UserError if the file is missing, damaged or of another version
   */
  public static DataManifest load(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      int version = json.path("version").asInt(-1);
      if (!FORMAT.equals(json.path("format").asString("")) || version != VERSION) {
        throw new UserError(
            file + " is not a data manifest of version " + VERSION + "; prepare the data again");
      }
      return read(json);
    } catch (IOException e) {
      throw UserError.io("read the data manifest", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError(
          "the data manifest " + file + " is damaged; delete its folder to prepare it again", e);
    }
  }

  private static DataManifest read(JsonNode json) {
    List<String> sources = new ArrayList<>();
    json.required("sources").forEach(name -> sources.add(name.asString()));
    return new DataManifest(
        sources,
        json.required("documents").asLong(),
        json.required("textBytes").asLong(),
        json.required("textSha256").asString(),
        json.required("tokenizer").asString(),
        json.required("tokenizerSha256").asString(),
        json.required("vocabulary").asInt(),
        json.required("bytesPerToken").asInt(),
        json.required("tokens").asLong(),
        json.required("trainTokens").asLong(),
        json.required("validationTokens").asLong(),
        json.required("tokensSha256").asString());
  }
}
