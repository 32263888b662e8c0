package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
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

  /** What stands by a tensor's name. */
  private record Entry(String dtype, List<Long> shape, List<Long> dataOffsets) {
    Entry {
      Check.argument(Stream.of(shape, dataOffsets).allMatch(Entry::isCount), "a number is below 0");
      Check.argument(dataOffsets.size() == 2, "it has %d offsets, not 2", dataOffsets.size());
    }

    private static boolean isCount(List<Long> numbers) {
      return numbers.stream().allMatch(number -> number >= 0);
    }
  }

  /** The length prefix and the padded JSON, ready to write. */
  ByteBuffer toBytes() {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      json.put(METADATA, new TreeMap<>(metadata));
    }
    for (StoredTensor tensor : tensors) {
      List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
      List<Long> offsets = List.of(tensor.begin(), tensor.end());
      json.put(tensor.name(), new Entry(tensor.type().name(), shape, offsets));
    }
    byte[] text = Json.line(json).getBytes(StandardCharsets.UTF_8);
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
   * @param dataBytes bytes after the header
   * @throws UserError if anything about it is wrong
   */
  static SafetensorsHeader parse(byte[] text, long dataBytes, Path file) {
    ObjectNode json;
    try {
      json = Json.read(ObjectNode.class, new String(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw damaged(file, "its header is %s", e.getMessage());
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

  private static Map<String, String> metadata(JsonNode json, Path file) {
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!entry.getValue().isString()) {
        throw damaged(file, "its metadata entry '%s' is not text", entry.getKey());
      }
      metadata.put(entry.getKey(), entry.getValue().asString());
    }
    if (!json.isObject()) {
      throw damaged(file, "its metadata are not a JSON object");
    }
    return metadata;
  }

  private static StoredTensor tensor(String name, JsonNode json, Path file) {
    Entry entry;
    try {
      entry = Json.read(Entry.class, json);
    } catch (IllegalArgumentException e) {
      throw damaged(file, "tensor '%s': %s", name, e.getMessage());
    }
    StoredType type = type(name, entry.dtype, file);
    List<Integer> shape = new ArrayList<>();
    long bytes = type.bytes();
    for (long extent : entry.shape) {
      if (extent > Integer.MAX_VALUE || Math.multiplyHigh(bytes, extent) != 0 || bytes < 0) {
        throw damaged(file, "tensor '%s' has an extent of %d", name, extent);
      }
      shape.add((int) extent);
      bytes *= extent;
    }
    StoredTensor tensor =
        new StoredTensor(
            name, type, shape, entry.dataOffsets.getFirst(), entry.dataOffsets.getLast());
    if (tensor.bytes() != bytes) {
      throw damaged(
          file,
          "tensor '%s' is %s, which takes %d bytes, but its offsets [%d, %d) hold %d",
          name,
          tensor.description(),
          bytes,
          tensor.begin(),
          tensor.end(),
          tensor.bytes());
    }
    return tensor;
  }

  private static StoredType type(String name, String dtype, Path file) {
    return Names.find(StoredType.class, dtype)
        .filter(type -> type.name().equals(dtype))
        .orElseThrow(() ->
            new UserError(
                Words.of(
                    "cannot read %s: tensor '%s' has the element type %s, expected F32, F64, BF16, I32 or I64; convert it first",
                    file, name, dtype)));
  }

  private static void requireNoGaps(Collection<StoredTensor> tensors, long dataBytes, Path file) {
    long end = 0;
    for (StoredTensor tensor : tensors) {
      if (tensor.end() > dataBytes) {
        throw damaged(
            file,
            "tensor '%s' ends at byte %d of the data, but there are only %d: the file is cut off",
            tensor.name(),
            tensor.end(),
            dataBytes);
      }
      if (tensor.begin() != end) {
        throw damaged(
            file,
            "tensor '%s' begins at byte %d of the data, expected %d",
            tensor.name(),
            tensor.begin(),
            end);
      }
      end = tensor.end();
    }
    if (end != dataBytes) {
      throw damaged(file, "its tensors take %d bytes, but %d follow the header", end, dataBytes);
    }
  }

  /** An error that says what is wrong with the file itself. */
  static UserError damaged(Path file, String what, Object... values) {
    return new UserError(
        Words.of(
            "cannot read %s: %s; the file is damaged, use another checkpoint",
            file, Words.of(what, values)));
  }

  /** Numbers are copied between a file and the memory as they are. */
  static void requireLittleEndian() {
    Check.user(
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
        "safetensors files need a little-endian processor; use an x86 or ARM machine");
  }
}
