package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.generate.Sampling;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelTest {
  @TempDir Path folder;

  private final CpuBackend backend = CpuBackend.withoutBlas(1);
  private Path run;
  private Path weights;
  private TrainResult result;

  @BeforeEach
  void train() {
    run = folder.resolve("run");
    try (Dataset data = TinyRuns.data(folder)) {
      result = TinyRuns.train(TinyRuns.config(), data, run);
    }
    weights = result.checkpoint().folder().resolve(Checkpoint.WEIGHTS);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private void assertRefused(Path path, String... parts) {
    assertThatThrownBy(() -> LoadedModel.open(path, backend))
        .isInstanceOf(UserError.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  @Test
  void theLastCheckpointIsLoaded() {
    try (LoadedModel loaded = LoadedModel.open(run, backend)) {
      assertThat(loaded.step()).isEqualTo(6);
      assertThat(loaded.tokenizer().vocabularySize()).isEqualTo(256);
      assertThat(loaded.model().config().channels()).isEqualTo(16);
      assertThat(WeightsHash.of(loaded.model().parameters()))
          .isEqualTo(result.summary().weightsHash());
    }
  }

  @Test
  void twoLoadsWriteTheSame() {
    assertThat(text(1)).isEqualTo(text(1)).hasSize(50);
    assertThat(text(2)).isNotEqualTo(text(1));
  }

  private int[] text(long seed) {
    try (LoadedModel loaded = LoadedModel.open(run, backend);
        Generator generator = new Generator(loaded.model(), loaded.tokenizer())) {
      return generator.complete("the", 0, 0, new Sampling(0.8, 0, 0.95, 50, seed), _ -> {});
    }
  }

  @Test
  void aFolderWithoutARunIsNamed() {
    Path none = folder.resolve("none");
    assertRefused(none, "no run in " + none, "train one there first");
    assertRefused(weights, "no run in " + weights);
  }

  @Test
  void aRunWithoutACheckpointIsNamed() {
    new RunFolder(run).checkpoints().deleteAll();
    assertRefused(run, "the run in " + run + " has no checkpoint yet", "resume it");
  }

  @Test
  void truncatedWeightsAreNamed() throws IOException {
    try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      for (long size : new long[] {file.size() - 1, file.size() / 2, 20, 7, 0}) {
        file.truncate(size);
        assertRefused(run, weights.toString());
      }
    }
  }

  @Test
  void aCheckpointOfAnotherShapeIsRefused() throws IOException {
    TrainConfig wider = TinyRuns.config("model.channels=32");
    try (Dataset data = TinyRuns.data(folder)) {
      TrainResult other = TinyRuns.train(wider, data, folder.resolve("wider"));
      Files.copy(other.checkpoint().weights(), weights, StandardCopyOption.REPLACE_EXISTING);
    }
    assertRefused(
        run,
        weights.toString(),
        "token_embedding.weight",
        "F32 [256, 32]",
        "expected F32 [256, 16]",
        "it belongs to another model");
  }

  @Test
  void damagedConfigurationAndTokenizerAreNamed() throws IOException {
    RunFolder view = new RunFolder(run);
    Files.writeString(view.tokenizer(), "{}");
    assertRefused(run, view.tokenizer().toString());
    Files.delete(view.tokenizer());
    assertRefused(run, view.tokenizer().toString(), "no such file");
    Files.writeString(view.config(), "[model\n");
    assertRefused(run, view.config().toString());
  }

  @Test
  void whatCouldNotBeLoadedLeavesTheBackendUsable() throws IOException {
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, new byte[9]);
    assertRefused(run, weights.toString());
    Files.write(weights, whole);
    assertThat(text(1)).hasSize(50);
  }
}
