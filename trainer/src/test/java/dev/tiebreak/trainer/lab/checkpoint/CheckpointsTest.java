package dev.tiebreak.trainer.lab.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final AdamW.Config ADAMW = new AdamW.Config(0.9, 0.95, 1e-8, 0.1);

  @TempDir Path folder;

  private final CpuBackend backend = CpuBackend.withoutBlas(1);
  private final Scope scope = backend.newScope("test");
  private final List<Parameter> parameters =
      List.of(
          new Parameter("w", scope.of(new float[] {1, 2, 3, 4}, 2, 2), true),
          new Parameter("b", scope.of(new float[] {5, 6}, 2), false));
  private final AdamW optimizer = new AdamW(parameters, scope, ADAMW);

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(folder.resolve("checkpoints"));
  }

  private static CheckpointState state(long step) {
    return new CheckpointState(step, step + 1, List.of(0.1, -1e-300, 3.0), "abc");
  }

  private Checkpoint save(long step, int keep) {
    return checkpoints().save(parameters, optimizer, state(step), keep);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<Long> steps() {
    return checkpoints().all().stream().map(Checkpoint::step).toList();
  }

  @Test
  void weightsMomentsAndStateComeBack() {
    optimizer.firstMoment(parameters.get(0)).set(3, 0.25);
    optimizer.secondMoment(parameters.get(1)).set(1, 0.5);
    save(7, 1);
    Checkpoint latest = checkpoints().latest().orElseThrow();
    assertThat(latest.folder().getFileName()).hasToString("step-0000007");

    List<Parameter> others =
        List.of(
            new Parameter("w", scope.zeros(DType.F32, 2, 2), true),
            new Parameter("b", scope.zeros(DType.F32, 2), false));
    AdamW other = new AdamW(others, scope, ADAMW);
    latest.readWeights(others);
    latest.readOptimizer(others, other);
    assertThat(others.get(0).tensor().toFloats()).containsExactly(1, 2, 3, 4);
    assertThat(others.get(1).tensor().toFloats()).containsExactly(5, 6);
    assertThat(other.firstMoment(others.get(0)).toFloats()).containsExactly(0, 0, 0, 0.25f);
    assertThat(other.secondMoment(others.get(1)).toFloats()).containsExactly(0, 0.5f);
    assertThat(other.steps()).isEqualTo(8);
    assertThat(latest.state()).isEqualTo(state(7));
  }

  @Test
  void equalTrainingStatesGiveEqualBytes() throws IOException {
    Path first = save(3, 9).folder();
    Checkpoints others = new Checkpoints(folder.resolve("other"));
    Path second = others.save(parameters, optimizer, state(3), 9).folder();
    for (String file : List.of(Checkpoint.WEIGHTS, Checkpoint.OPTIMIZER, Checkpoint.STATE)) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
  }

  @Test
  void onlyTheNewestStay() throws IOException {
    save(10, 2);
    save(20, 2);
    save(30, 2);
    assertThat(names()).containsExactly("step-0000020", "step-0000030");
    save(40, 1);
    assertThat(names()).containsExactly("step-0000040");
  }

  @Test
  void noCheckpointIsNoError() {
    assertThat(checkpoints().latest()).isEmpty();
    checkpoints().deleteLeftovers(3);
    checkpoints().deleteAll();
  }

  @Test
  void whatAKilledProcessLeftIsIgnoredAndCleanedUp() throws IOException {
    Path good = save(10, 3).folder();
    Path half = Files.createDirectory(good.resolveSibling(".step-0000020.1234.tmp"));
    Files.copy(good.resolve(Checkpoint.WEIGHTS), half.resolve(Checkpoint.WEIGHTS));
    Files.write(half.resolve(".optimizer.safetensors.1.tmp"), new byte[10]);
    Path incomplete = Files.createDirectory(good.resolveSibling("step-0000030"));
    Files.copy(good.resolve(Checkpoint.WEIGHTS), incomplete.resolve(Checkpoint.WEIGHTS));
    assertThat(checkpoints().latest().orElseThrow().step()).isEqualTo(10);
    checkpoints().deleteLeftovers(3);
    assertThat(names()).containsExactly("step-0000010", "step-0000030");
    save(30, 3);
    assertThat(steps()).containsExactly(10L, 30L);
    assertThat(names()).containsExactly("step-0000010", "step-0000030");
  }

  @Test
  void whatAKilledProcessHadNoTimeToRemoveIsRemoved() throws IOException {
    save(10, 3);
    save(20, 3);
    save(30, 3);
    checkpoints().deleteLeftovers(2);
    assertThat(names()).containsExactly("step-0000020", "step-0000030");
  }

  @Test
  void aFullDiskLeavesTheOlderOnesAndNothingHalfWritten() throws IOException {
    save(10, 1);
    assertThatThrownBy(() ->
            checkpoints()
                .save(
                    20,
                    1,
                    to -> {
                      Files.write(to.resolve(Checkpoint.WEIGHTS), new byte[100]);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("step-0000020")
        .hasMessageContaining("no space left on the disk");
    assertThat(names()).containsExactly("step-0000010");
  }

  @Test
  void anUnwritableFolderIsReported() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Checkpoints inFile = new Checkpoints(folder.resolve("file/checkpoints"));
    assertThatThrownBy(() -> inFile.save(parameters, optimizer, state(1), 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a file, not a folder");
  }

  @Test
  void aTruncatedCheckpointIsRefused() throws IOException {
    Checkpoint checkpoint = save(10, 1);
    byte[] whole = Files.readAllBytes(checkpoint.weights());
    Files.write(checkpoint.weights(), Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> checkpoint.readWeights(parameters))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(checkpoint.weights().toString())
        .hasMessageContaining("cut off");
    Files.writeString(checkpoint.folder().resolve(Checkpoint.STATE), "{\"format\":");
    assertThatThrownBy(checkpoint::state)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void aCheckpointOfAnotherShapeIsRefused() {
    Checkpoint checkpoint = save(10, 1);
    Tensor narrow = scope.zeros(DType.F32, 2, 1);
    List<Parameter> other = List.of(new Parameter("w", narrow, true), parameters.get(1));
    assertThatThrownBy(() -> checkpoint.readWeights(other))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'w' F32 [2, 2], expected F32 [2, 1]")
        .hasMessageContaining("another model");
  }

  @Test
  void aStateOfAnotherVersionOrStepIsRefused() throws IOException {
    Checkpoint checkpoint = save(10, 1);
    Path file = checkpoint.folder().resolve(Checkpoint.STATE);
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"version\" : 1", "\"version\" : 2"));
    assertThatThrownBy(checkpoint::state)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("not a tiebreak-checkpoint of version 1");
    Files.writeString(file, text.replace("\"step\" : 10", "\"step\" : 11"));
    assertThatThrownBy(checkpoint::state)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("step-0000011");
  }
}
