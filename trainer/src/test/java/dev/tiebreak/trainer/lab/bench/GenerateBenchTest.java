package dev.tiebreak.trainer.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.lab.DryModel;
import org.junit.jupiter.api.Test;

class GenerateBenchTest {
  @Test
  void generationIsMeasuredAgainstReading() {
    BenchShape shape = BenchShape.tiny();
    try (CpuBackend cpu = CpuBackend.create(1)) {
      GenerateBench.Result result = GenerateBench.run(cpu, shape, 0, 0);
      assertThat(result.sequenceLength()).as("16 and 200 tokens fit").isEqualTo(216);
      assertThat(result.token()).isPositive();
      assertThat(result.prompt()).isPositive();
      assertThat(result.sampled()).isPositive();
      assertThat(result.readRate()).isPositive();
      assertThat(result.weightBytes())
          .as("all but the positions, which the tied head does not use")
          .isEqualTo((DryModel.of(shape.model()).parameterCount() - 64 * 128) * Float.BYTES);
      assertThat(result.tokensPerSecond() * result.token()).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void theShareIsOfTheRateOfReading() {
    var result =
        new GenerateBench.Result(BenchShape.tiny(), 216, 0.02, 0.002, 0.001, 4_000_000, 8e9);
    assertThat(result.share()).isCloseTo(0.25, within(1e-12));
    assertThat(result.toText())
        .contains("  tokens                 500 a second")
        .contains("4.0 MB read per token = 2.0 GB/s")
        .contains("8.0 GB/s for as many bytes: 25 % of that");
  }
}
