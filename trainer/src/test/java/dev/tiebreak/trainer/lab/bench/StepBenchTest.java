package dev.tiebreak.trainer.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.OpTimes;
import dev.tiebreak.trainer.lab.DryModel;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StepBenchTest {
  @Test
  void aStepIsMeasuredAgainstTheMatrixRate() {
    BenchShape shape = BenchShape.tiny();
    try (CpuBackend cpu = CpuBackend.create(1)) {
      StepBench.Result result = StepBench.run(cpu, shape, 1, 3);
      assertThat(result.shape()).isEqualTo(shape);
      assertThat(result.forward()).isPositive();
      assertThat(result.backward()).isPositive();
      assertThat(result.optimizer()).isPositive();
      assertThat(result.step()).isGreaterThan(Math.max(result.forward(), result.backward()));
      assertThat(result.matrixGflops()).isPositive();
      assertThat(result.share()).isPositive().isEqualTo(result.gflops() / result.matrixGflops());
      assertThat(result.tokensPerSecond() * result.step()).isCloseTo(12 * 64, within(1e-6));
      assertThat(result.operations())
          .contains("Linear", "Attention", "LayerNorm", "Gelu", "CrossEntropy", "clip and AdamW");
      long weights = result.weights() * Float.BYTES;
      assertThat(result.weightBytes())
          .as("and gradients, moments")
          .isBetween(4 * weights, 6 * weights);
      assertThat(result.activationBytes()).isGreaterThan(shape.tokens() * 128L * Float.BYTES);
    }
  }

  @Test
  void theTableOfOperationsHasTheLongestFirstAndSharesOfAll() {
    List<OpTimes.Total> totals =
        List.of(
            new OpTimes.Total("Gelu", false, 4, 0.2), // in two steps
            new OpTimes.Total("Linear", true, 6, 0.8),
            new OpTimes.Total("Linear", false, 6, 0.4),
            new OpTimes.Total("Gelu", true, 4, 0.4));
    assertThat(OperationTable.of(totals, 2, 0.1).lines())
        .containsExactly(
            "  mean ms a step       runs   forward  backward   share",
            "  Linear                  3     200.0     400.0   60.0 %",
            "  Gelu                    2     100.0     200.0   30.0 %",
            "  clip and AdamW          1     100.0             10.0 %");
  }

  @Test
  void operationsAreCountedAsTheDesignSays() {
    BenchShape shape = BenchShape.small();
    assertThat(shape.tokens()).isEqualTo(16 * 256);
    Gpt model = DryModel.of(shape.model());
    StepBench.Result result =
        new StepBench.Result(
            shape,
            model.parameterCount(),
            model.flopsPerToken(),
            0.4,
            0.8,
            0.1,
            1.3,
            100,
            "",
            1,
            1);
    double weights = 6 * 12 * 384.0 * 384 + 256 * 384; // of matrices: blocks and head
    double attention = 12.0 * 6 * 256 * 384;
    assertThat(result.gflops()) // biases and norms are a little more
        .isCloseTo((6 * weights + attention) * 4096 / 1.3 * 1e-9, withinPercentage(0.5));
    assertThat(result.share()).isCloseTo(result.gflops() / 100, within(1e-15));
    assertThat(result.tokensPerSecond()).isCloseTo(4096 / 1.3, within(1e-9));
  }

  @Test
  void theNamedShapesAreTheModelsTheyName() {
    assertThat(DryModel.of(BenchShape.gpt2().model()).parameterCount())
        .isEqualTo(124_439_808 - (1024 - 64) * 768L); // with 64 positions instead of 1,024
    assertThat(List.of(BenchShape.tiny(), BenchShape.small(), BenchShape.gpt2()))
        .extracting(BenchShape::name)
        .containsExactly("tiny", "small", "gpt2-124m");
  }

  @Test
  void theMedianIsTheMiddle() {
    assertThat(MatrixRate.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
    assertThat(MatrixRate.median(List.of(7.0))).isEqualTo(7);
  }
}
