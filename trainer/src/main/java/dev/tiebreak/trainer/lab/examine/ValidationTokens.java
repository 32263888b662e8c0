package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.SafetensorsReader;
import dev.tiebreak.trainer.lab.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * {@code validation.safetensors}: each token of an evaluation, for tests that pair two models token
 * by token. W windows of T tokens, row by row.
 *
 * @param windows W
 * @param length T
 * @param losses cross-entropy in nats; tensor {@code losses}, F32 (W, T)
 * @param entropies of the predictions, in nats; tensor {@code entropies}, F32 (W, T)
 * @param targets the tokens that were predicted; tensor {@code targets}, I32 (W, T)
 */
public record ValidationTokens(
    int windows, int length, float[] losses, float[] entropies, int[] targets) {
  private static final String LOSSES = "losses";
  private static final String ENTROPIES = "entropies";
  private static final String TARGETS = "targets";

  /**
   * Writes the file, whole or not at all; equal values give equal bytes.
   *
   * @throws UserError if it cannot be written
   */
  public void write(Path file) {
    try (CpuBackend host = CpuBackend.withoutBlas(1);
        Scope scope = host.newScope("validation tokens")) {
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put(LOSSES, tensor(scope, DType.F32, MemorySegment.ofArray(losses)));
      tensors.put(ENTROPIES, tensor(scope, DType.F32, MemorySegment.ofArray(entropies)));
      tensors.put(TARGETS, tensor(scope, DType.I32, MemorySegment.ofArray(targets)));
      SafetensorsWriter.write(file, Map.of(), tensors);
    } catch (IOException e) {
      throw UserError.io("write the losses of the validation tokens", file, e);
    }
  }

  private Tensor tensor(Scope scope, DType dtype, MemorySegment values) {
    Tensor tensor = scope.zeros(dtype, windows, length);
    tensor.copyFrom(values);
    return tensor;
  }

  /**
   * Reads a file.
   *
   * @throws UserError if it is missing, damaged or of another kind
   */
  public static ValidationTokens load(Path file) {
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      List<Integer> shape = reader.tensor(LOSSES).shape();
      for (String name : List.of(ENTROPIES, TARGETS)) {
        Check.user(
            shape.size() == 2 && reader.tensor(name).shape().equals(shape),
            "the tensors in %s are not all of one shape (windows, tokens); train again",
            file);
      }
      int[] targets = LongStream.of(reader.longs(TARGETS)).mapToInt(Math::toIntExact).toArray();
      return new ValidationTokens(
          shape.get(0),
          shape.get(1),
          floats(reader.doubles(LOSSES)),
          floats(reader.doubles(ENTROPIES)),
          targets);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
