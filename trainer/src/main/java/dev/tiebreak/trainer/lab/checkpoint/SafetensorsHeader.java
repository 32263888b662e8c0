package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON header of a safetensors file: {@code {"__metadata__": {text: text}, name: {"dtype":
 * "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}}, padded with spaces to a multiple of 8
 * bytes. Before it stand 8 bytes with its length, after it the tensors without gaps.
 *
 * @param metadata free text, sorted by key
 * @param tensors in the order of their bytes
 */
record SafetensorsHeader(Map<String, String> metadata, SequencedCollection<StoredTensor> tensors) {
  /** Bytes in front of the header. */
  static final int PREFIX_BYTES = Long.BYTES;

  /** Longer headers are taken for damage, as other readers of the format do. */
  static final long MAX_BYTES = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The length prefix and the padded JSON, ready to write. */
  ByteBuffer toBytes() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = json.putObject(METADATA);
      new TreeMap<>(metadata).forEach(texts::put);
    }
    for (StoredTensor tensor : tensors) {
      ObjectNode entry = json.putObject(tensor.name());
      entry.put("dtype", tensor.type().name());
      ArrayNode shape = entry.putArray("shape");
      tensor.shape().forEach(shape::add);
      entry.putArray("data_offsets").add(tensor.begin()).add(tensor.end());
    }
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8;
    ByteBuffer bytes = ByteBuffer.allocate(PREFIX_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(text);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  /**
   * Reads a header and checks that it describes the data completely.
   *
   * @param text the JSON
   * @param dataBytes bytes after the header
   * @param file for messages
   * @throws UserError if anything about it is wrong
   */
  static SafetensorsHeader parse(byte[] text, long dataBytes, Path file) {
    JsonNode json;
    try {
      json = STRICT.readTree(text);
    } catch (JacksonException e) {
      throw new UserError(
          damaged(file, "its header is not JSON (" + firstLine(e) + ")").getMessage(), e);
    }
    if (!json.isObject()) {
      throw damaged(file, "its header is not a JSON object");
    }
    Map<String, String> metadata = new TreeMap<>();
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (entry.getKey().equals(METADATA)) {
        metadata.putAll(metadata(entry.getValue(), file));
      } else {
        tensors.add(tensor(entry.getKey(), entry.getValue(), file));
      }
    }
    tensors.sort(Comparator.comparingLong(StoredTensor::begin).thenComparing(StoredTensor::end));
    requireNoGaps(tensors, dataBytes, file);
    return new SafetensorsHeader(metadata, tensors);
  }

  private static String firstLine(JacksonException e) {
    return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
  }

  private static Map<String, String> metadata(JsonNode json, Path file) {
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!entry.getValue().isString()) {
        throw damaged(file, "its metadata entry '" + entry.getKey() + "' is not text");
      }
      metadata.put(entry.getKey(), entry.getValue().asString());
    }
    if (!json.isObject()) {
      throw damaged(file, "its metadata are not a JSON object");
    }
    return metadata;
  }

  private static StoredTensor tensor(String name, JsonNode json, Path file) {
    StoredType type = type(name, json.path("dtype"), file);
    List<Integer> shape = new ArrayList<>();
    long bytes = type.bytes();
    for (long extent : numbers(name, "shape", json, file)) {
      if (extent > Integer.MAX_VALUE || Math.multiplyHigh(bytes, extent) != 0 || bytes < 0) {
        throw damaged(file, "tensor '" + name + "' has an extent of " + extent);
      }
      shape.add((int) extent);
      bytes *= extent;
    }
    List<Long> offsets = numbers(name, "data_offsets", json, file);
    if (offsets.size() != 2) {
      throw damaged(file, "tensor '" + name + "' has " + offsets.size() + " offsets, not 2");
    }
    StoredTensor tensor =
        new StoredTensor(name, type, shape, offsets.getFirst(), offsets.getLast());
    if (tensor.bytes() != bytes) {
      throw damaged(
          file,
          Words.of(
              "tensor '%s' is %s, which takes %d bytes, but its offsets [%d, %d) hold %d",
              name, tensor.description(), bytes, tensor.begin(), tensor.end(), tensor.bytes()));
    }
    return tensor;
  }

  private static StoredType type(String name, JsonNode json, Path file) {
    String text = json.isString() ? json.asString() : "";
    for (StoredType type : StoredType.values()) {
      if (type.name().equals(text)) {
        return type;
      }
    }
    throw new UserError(
        "cannot read "
            + file
            + ": tensor '"
            + name
            + "' has the element type "
            + (text.isEmpty() ? json : text)
            + ", expected F32, F64, BF16, I32 or I64; convert it first");
  }

  private static List<Long> numbers(String name, String key, JsonNode json, Path file) {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode number : json.path(key)) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
        throw damaged(
            file,
            "tensor '" + name + "' has " + number + " in its " + key + ", not a whole number");
      }
      numbers.add(number.asLong());
    }
    if (!json.path(key).isArray()) {
      throw damaged(file, "tensor '" + name + "' has no list of numbers as " + key);
    }
    return numbers;
  }

  private static void requireNoGaps(Collection<StoredTensor> tensors, long dataBytes, Path file) {
    long end = 0;
    for (StoredTensor tensor : tensors) {
      if (tensor.end() > dataBytes) {
        throw damaged(
            file,
            Words.of(
                "tensor '%s' ends at byte %d of the data, but there are only %d: the file is cut off",
                tensor.name(), tensor.end(), dataBytes));
      }
      if (tensor.begin() != end) {
        throw damaged(
            file,
            Words.of(
                "tensor '%s' begins at byte %d of the data, expected %d",
                tensor.name(), tensor.begin(), end));
      }
      end = tensor.end();
    }
    if (end != dataBytes) {
      throw damaged(
          file, Words.of("its tensors take %d bytes, but %d follow the header", end, dataBytes));
    }
  }

  /** An error that says what is wrong with the file itself. */
  static UserError damaged(Path file, String what) {
    return new UserError(
        "cannot read " + file + ": " + what + "; the file is damaged, use another checkpoint");
  }
}
