package dev.tiebreak.trainer.lab.tokenizer;

import dev.tiebreak.trainer.base.UserError;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file form of tokenizers: {@code {"format": "tiebreak-tokenizer", "version": 1, "tokenizer":
 * "bpe:4096", "vocabulary": 4352, ...}}, then {@code characters} for chars, {@code merges} (pairs
 * of ids, in order) for bpe. The same tokenizer always gives the same bytes.
 */
final class TokenizerJson {
  private static final String FORMAT = "tiebreak-tokenizer";
  private static final int VERSION = 1;

  private TokenizerJson() {}

  static String write(Tokenizer tokenizer, Consumer<ObjectNode> body) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.put("tokenizer", tokenizer.spec().toString());
    json.put("vocabulary", tokenizer.vocabularySize());
    body.accept(json);
    return json + "\n";
  }

  /**
   * Makes a tokenizer from its file form.
   *
   * @param where the file, for the message of an error
   * @throws UserError if the text is not one of these files
   */
  static Tokenizer read(String text, String where) {
    Tokenizer tokenizer;
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(text);
      if (!FORMAT.equals(json.path("format").asString(""))) {
        throw broken(where, "it is not a tokenizer file", null);
      }
      int version = json.path("version").asInt(-1);
      if (version != VERSION) {
        throw broken(where, "its version is " + version + ", this program reads 1", null);
      }
      tokenizer = make(TokenizerSpec.parse(json.path("tokenizer").asString("")), json);
    } catch (JacksonException | IllegalArgumentException e) {
      throw broken(where, "its content is damaged", e);
    }
    if (json.path("vocabulary").asInt(-1) != tokenizer.vocabularySize()) {
      throw broken(where, "its content does not give the vocabulary that it states", null);
    }
    return tokenizer;
  }

  private static Tokenizer make(TokenizerSpec spec, JsonNode json) {
    return switch (spec.kind()) {
      case BYTES -> new ByteTokenizer();
      case CHARS -> new CharTokenizer(json.required("characters").asString());
      case BPE -> {
        JsonNode pairs = json.required("merges");
        long[] merges = new long[pairs.size()];
        for (int i = 0; i < merges.length; i++) {
          JsonNode pair = pairs.get(i);
          merges[i] = BpeTrainer.pair(pair.required(0).asInt(), pair.required(1).asInt());
        }
        yield new BpeTokenizer(merges, spec.merges());
      }
      case GPT2 -> new Gpt2Tokenizer();
    };
  }

  private static UserError broken(String where, String what, Exception cause) {
    return new UserError(
        "cannot use the tokenizer " + where + ": " + what + "; prepare the data again", cause);
  }
}
