package dev.tiebreak.tests.golden;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A safetensors file of the oracle, read here by hand: 8 bytes with the length of a JSON header,
 * the header, then the tensors.
 */
final class GoldenFile {
  private static final JsonMapper JSON = JsonMapper.shared();

  private record Entry(DType type, int[] shape, ByteBuffer bytes) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final JsonNode metadata;

  private GoldenFile(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = Math.toIntExact(Long.BYTES + bytes.getLong(0));
    JsonNode header =
        JSON.readTree(new String(file, Long.BYTES, start - Long.BYTES, StandardCharsets.UTF_8));
    metadata = header.get("__metadata__");
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        entries.put(field.getKey(), entry(field.getValue(), bytes, start));
      }
    }
  }

  private static Entry entry(JsonNode json, ByteBuffer file, int start) {
    int from = start + json.get("data_offsets").get(0).asInt();
    int to = start + json.get("data_offsets").get(1).asInt();
    return new Entry(
        DType.valueOf(json.get("dtype").asString()),
        JSON.convertValue(json.get("shape"), int[].class),
        file.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Reads {@code golden/<name>.safetensors}. */
  static GoldenFile read(String name) {
    String path = "/golden/" + name + ".safetensors";
    try (InputStream in = GoldenFile.class.getResourceAsStream(path)) {
      return new GoldenFile(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An entry of the metadata, which is JSON. */
  JsonNode metadata(String key) {
    return JSON.readTree(metadata.get(key).asString());
  }

  /** An entry of the metadata as a record. */
  <T> T metadata(String key, Class<T> type) {
    return JSON.readValue(metadata.get(key).asString(), type);
  }

  /** The names of all tensors. */
  Set<String> names() {
    return entries.keySet();
  }

  /** Names up to their last slash. */
  Set<String> cases() {
    Set<String> cases = new TreeSet<>();
    names().forEach(name -> cases.add(name.substring(0, name.lastIndexOf('/'))));
    return cases;
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no golden tensor " + name);
    }
    return entry;
  }

  /** All elements of a tensor. */
  double[] values(String name) {
    Entry entry = entry(name);
    ByteBuffer bytes = entry.bytes;
    double[] values = new double[bytes.remaining() / entry.type.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (entry.type) {
            case F32 -> bytes.getFloat(4 * i);
            case F64 -> bytes.getDouble(8 * i);
            case BF16 -> throw new AssertionError("golden files hold no bf16");
            case I32 -> bytes.getInt(4 * i);
          };
    }
    return values;
  }

  /** The only element of a tensor. */
  double item(String name) {
    return values(name)[0];
  }

  /** A copy of a tensor: token ids as they are, numbers in {@code type}. */
  Tensor tensor(String name, DType type, Scope scope) {
    Entry entry = entry(name);
    DType kept = entry.type == DType.I32 ? DType.I32 : type;
    Tensor tensor = scope.allocate(kept, Shape.of(entry.shape));
    double[] values = values(name);
    for (int i = 0; i < values.length; i++) {
      tensor.set(i, values[i]);
    }
    return tensor;
  }
}
