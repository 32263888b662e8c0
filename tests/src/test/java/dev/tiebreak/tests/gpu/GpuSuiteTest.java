package dev.tiebreak.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tests.cuda.NeedsSimulatedCuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sections run well on the simulated CUDA, so that a GPU's time is not lost to slips. Those that
 * train take minutes there: {@code tests/gpu/run.sh --simulate} runs them all.
 */
@NeedsSimulatedCuda
class GpuSuiteTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"libraries", "attention", "rates"})
  void aSectionRunsWellInSimulation(String section) throws IOException {
    Path file = folder.resolve("section.json");
    int status = GpuSuite.run(new ArrayList<>(List.of("--simulate", section, file.toString())));
    assertThat(status).as(Files.readString(file)).isZero();
  }

  @Test
  void whoCallsItWronglyIsToldTheSections() {
    assertThat(GpuSuite.run(new ArrayList<>(List.of("speed", "x.json")))).isEqualTo(2);
  }
}
