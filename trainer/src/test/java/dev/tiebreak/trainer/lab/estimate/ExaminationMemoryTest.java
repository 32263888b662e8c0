package dev.tiebreak.trainer.lab.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import dev.tiebreak.trainer.lab.examine.Examiner;
import dev.tiebreak.trainer.lab.train.Rehearsal;
import dev.tiebreak.trainer.lab.train.TinyRuns;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An examination takes no more memory than is planned for the run. */
class ExaminationMemoryTest {
  private static final int THREADS = 2;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.channels=8 model.layers=1 model.heads=1",
        "model.channels=64 training.batch=1",
        "model.channels=16 model.pad_vocabulary=30000",
        "model.channels=16 model.layers=1 training.batch=40 model.sequence_length=100",
      })
  void anExaminationStaysBelowThePlan(String assignments) {
    ConfigBuilder builder =
        ConfigBuilder.preset("tiny")
            .set("model.sequence_length=16")
            .set("training.batch=8")
            .set("evaluation.batches=1");
    List.of(assignments.split(" ")).forEach(builder::set);
    TrainConfig config = builder.build();
    int batch = config.training().batch();
    int length = config.model().sequenceLength();
    try (Dataset data = TinyRuns.data(folder);
        CpuBackend cpu = CpuBackend.create(THREADS);
        Scope kept = cpu.newScope("model");
        Scope step = cpu.newScope("step")) {
      GptConfig gpt = config.model().gpt(data.manifest().vocabulary());
      Gpt model = new Gpt(gpt, DType.F32, kept, 1);
      TokenBatch tokens = new TokenBatch(kept, batch, length);
      Evaluation evaluation = new Batches(data, batch, length, 1).evaluation(1);
      Examiner.Result result = new Examiner(model, evaluation, data, step, tokens).examine();
      result.tokens().write(folder.resolve("x.safetensors"));
      try (CpuBackend dry = CpuBackend.dry(THREADS)) {
        Rehearsal.Taken planned = Rehearsal.of(config, data.manifest().vocabulary(), dry).steps();
        assertThat(step.peakBytes()).isLessThanOrEqualTo(planned.used());
        assertThat(step.reservedBytes()).isLessThanOrEqualTo(planned.reserved());
      }

      long forward = forward(model, tokens, cpu);
      assertThat(step.peakBytes())
          .as("no tensor as large as the logits more")
          .isLessThan(forward + 4L * batch * length * gpt.vocabulary());
    }
  }

  /** The most in use in a forward pass. */
  private static long forward(Gpt model, TokenBatch tokens, CpuBackend cpu) {
    try (Scope step = cpu.newScope("forward")) {
      try (Tape _ = Tape.inference(step)) {
        model.logits(tokens.inputs());
      }
      return step.peakBytes();
    }
  }
}
