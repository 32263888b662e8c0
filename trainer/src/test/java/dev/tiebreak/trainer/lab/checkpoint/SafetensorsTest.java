package dev.tiebreak.trainer.lab.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;

  private final CpuBackend backend = CpuBackend.withoutBlas(1);
  private final Scope scope = backend.newScope("test");

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private Path file() {
    return folder.resolve("a.safetensors");
  }

  private SequencedMap<String, Tensor> sample() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b.weight", scope.of(new float[] {1, -0f, Float.MIN_VALUE, 4, 5, 1e30f}, 2, 3));
    tensors.put("a.tokens", scope.of(new int[] {7, -1, 2}, 3));
    tensors.put("c.moment", scope.of(new double[] {Math.PI}));
    return tensors;
  }

  /** A file as the format's definition says, put together by hand. */
  private Path raw(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file(), bytes.putLong(text.length).put(text).array());
    return file();
  }

  private String refusal(Path broken) {
    String[] message = new String[1];
    assertThatThrownBy(() -> SafetensorsReader.open(broken).close())
        .isInstanceOfSatisfying(UserError.class, error -> message[0] = error.getMessage());
    assertThat(message[0]).contains(broken.toString()).doesNotContain("\n");
    return message[0];
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() throws IOException {
    SequencedMap<String, Tensor> tensors = sample();
    SafetensorsWriter.write(file(), Map.of("step", "12"), tensors);
    try (SafetensorsReader reader = SafetensorsReader.open(file())) {
      assertThat(reader.metadata()).containsExactly(Map.entry("step", "12"));
      assertThat(reader.tensors().sequencedKeySet())
          .containsExactly("c.moment", "b.weight", "a.tokens");
      Tensor weight = scope.zeros(DType.F32, 2, 3);
      Tensor tokens = scope.zeros(DType.I32, 3);
      Tensor moment = scope.zeros(DType.F64);
      reader.readAll(Map.of("a.tokens", tokens, "b.weight", weight, "c.moment", moment));
      assertThat(weight.data().mismatch(tensors.get("b.weight").data())).isEqualTo(-1);
      assertThat(tokens.data().mismatch(tensors.get("a.tokens").data())).isEqualTo(-1);
      assertThat(moment.item()).isEqualTo(Math.PI);
      assertThat(reader.longs("a.tokens")).containsExactly(7, -1, 2);
      assertThat(reader.doubles("b.weight")[5]).isEqualTo(1e30f);
      assertThat(reader.tensor("b.weight").shape()).containsExactly(2, 3);
      assertThatThrownBy(() -> reader.longs("c.moment")).hasMessageContaining("whole numbers");
    }
  }

  @Test
  void theBytesAreThoseOfTheFormatsDefinition() throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("x", scope.of(new int[] {1, 258}, 2));
    SafetensorsWriter.write(file(), Map.of(), tensors);
    String header = "{\"x\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    ByteBuffer expected =
        ByteBuffer.allocate(8 + padded.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded.length()).put(padded.getBytes(StandardCharsets.UTF_8));
    expected.putInt(1).putInt(258);
    assertThat(Files.readAllBytes(file())).isEqualTo(expected.array());
  }

  @Test
  void tensorsLargerThanOneTransferAreWhole() throws IOException {
    int size = (16 << 20) / 4 + 3;
    Tensor large = scope.allocate(DType.I32, Shape.of(size));
    for (int i = 0; i < size; i++) {
      large.data().setAtIndex(ValueLayout.JAVA_INT, i, i * 31);
    }
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("large", large);
    SafetensorsWriter.write(file(), Map.of(), tensors);
    Tensor back = scope.zeros(DType.I32, size);
    try (SafetensorsReader reader = SafetensorsReader.open(file())) {
      reader.read("large", back);
    }
    assertThat(back.data().mismatch(large.data())).isEqualTo(-1);
  }

  @Test
  void sixtyFourBitIntegersAreRead() throws IOException {
    Path file = raw("{\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 0);
    Files.write(
        file,
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 60).array(),
        StandardOpenOption.APPEND);
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      assertThat(reader.longs("n")).containsExactly(1L << 60);
      assertThatThrownBy(() -> reader.read("n", scope.zeros(DType.F64, 1)))
          .hasMessageContaining("I64 [1], expected F64 [1]");
    }
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws IOException {
    SafetensorsWriter.write(file(), Map.of("a", "b"), sample());
    byte[] whole = Files.readAllBytes(file());
    for (int length : new int[] {0, 7, 8, 100, whole.length - 100, whole.length - 1}) {
      Path cut = folder.resolve("cut.safetensors");
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThat(refusal(cut)).contains("damaged");
    }
    assertThat(refusal(folder.resolve("absent.safetensors"))).contains("no such file");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | takes 8 bytes",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | cut off",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | begins at byte 4",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | but 8 follow",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | tensor 'x': a number is below 0",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[null],\"data_offsets\":[0,8]}} | null stands where",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | shape[0] is missing or not a whole number",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967298],\"data_offsets\":[0,8]}} | extent",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,9],\"data_offsets\":[0,8]}}"
            + " | extent",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}} | shape is missing or not a list",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}} | offsets",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | takes 8 bytes",
        "{\"x\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}} | expected F32, F64",
        "{\"x\":{\"shape\":[4],\"data_offsets\":[0,8]}} | dtype is missing or not a text",
        "{\"__metadata__\":{\"a\":1}} | is not text",
        "{\"__metadata__\":[]} | JSON object",
        "[] | not a JSON object",
        "{\"x\":} | not JSON",
        "{} {} | not JSON",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"x\":0} | not JSON",
      })
  void aHeaderThatDoesNotDescribeTheDataIsRefused(String header, String reason) throws IOException {
    assertThat(refusal(raw(header, 8))).contains(reason);
  }

  @Test
  void overlappingTensorsAreRefused() throws IOException {
    String entry = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    assertThat(refusal(raw("{\"x\":" + entry + ",\"y\":" + entry + "}", 8)))
        .contains("'y' begins at byte 0 of the data, expected 8");
  }

  @Test
  void aHeaderLengthBeyondTheFileIsRefused() throws IOException {
    Files.write(file(), ByteBuffer.allocate(16).putLong(-1).array());
    assertThat(refusal(file())).contains("18446744073709551615 bytes long, but 8 bytes follow");
  }

  @Test
  void anotherModelsFileIsRefusedBeforeAnythingIsOverwritten() throws IOException {
    SafetensorsWriter.write(file(), Map.of(), sample());
    try (SafetensorsReader reader = SafetensorsReader.open(file())) {
      Tensor tokens = scope.of(new int[] {5, 5, 5}, 3);
      Tensor moment = scope.zeros(DType.F64);
      Tensor wide = scope.zeros(DType.F32, 3, 2);
      Tensor right = scope.zeros(DType.F32, 2, 3);
      assertThatThrownBy(() ->
              reader.readAll(Map.of("a.tokens", tokens, "b.weight", wide, "c.moment", moment)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(file().toString())
          .hasMessageContaining("'b.weight' F32 [2, 3], expected F32 [3, 2]");
      assertThatThrownBy(() -> reader.readAll(Map.of("a.tokens", tokens, "b.weight", right)))
          .hasMessageContaining("tensor 'c.moment' F64 [], which the model does not have");
      assertThatThrownBy(() -> reader.readAll(Map.of("d", right)))
          .hasMessageContaining("no tensor 'd', expected F32 [2, 3]");
      assertThat(tokens.toDoubles()).containsExactly(5, 5, 5);
      assertThat(right.toFloats()).containsOnly(0);
    }
  }

  @Test
  void theGoldenFilesOfOtherProgramsAreRead() {
    Path golden = Path.of("../tests/src/test/resources/golden/gpt2.safetensors");
    try (SafetensorsReader reader = SafetensorsReader.open(golden)) {
      assertThat(reader.metadata()).containsKeys("config", "adamw");
      assertThat(reader.tensor("token_embedding.weight").shape()).containsExactly(65, 16);
      assertThat(reader.doubles("logits")).hasSize(3 * 16 * 65);
      assertThat(Arrays.stream(reader.longs("tokens")).boxed())
          .hasSize(3 * 16)
          .allMatch(id -> id < 65);
      double mean = Arrays.stream(reader.doubles("losses")).average().orElseThrow();
      assertThat(reader.doubles("loss")[0]).isCloseTo(mean, offset(1e-12));
    }
  }
}
