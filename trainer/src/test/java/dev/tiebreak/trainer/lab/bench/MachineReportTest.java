package dev.tiebreak.trainer.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.bindings.BlasEnvironmentHint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineReportTest {
  private static BlasEnvironmentHint hint(String variable, String value) {
    return new BlasEnvironmentHint(variable, value, "does harm", "unset it");
  }

  @Test
  void aPinnedKernelSetIsNamedWithWhatTheProcessorCouldRun() {
    assertThat(
            MachineReport.describe(
                hint("OPENBLAS_CORETYPE", "Haswell"), true, Optional.of("Haswell")))
        .contains(
            "OPENBLAS_CORETYPE=Haswell pins OpenBLAS to its Haswell kernels, while this processor"
                + " has AVX-512 and could run SkylakeX kernels or newer; unset OPENBLAS_CORETYPE in"
                + " the shell that starts Java");
    assertThat(
            MachineReport.describe(hint("OPENBLAS_CORETYPE", "Haswell"), false, Optional.empty()))
        .contains(
            "OPENBLAS_CORETYPE=Haswell pins OpenBLAS to its Haswell kernels, whatever the processor"
                + " could run; unset OPENBLAS_CORETYPE in the shell that starts Java");
    assertThat(
            MachineReport.describe(
                hint("OPENBLAS_CORETYPE", "skylakex"), true, Optional.of("SkylakeX")))
        .hasValueSatisfying(text -> assertThat(text).doesNotContain("AVX-512"));
  }

  @Test
  void variablesAreReportedUnlessTheyDoNoHarmHere() {
    assertThat(MachineReport.describe(hint("OPENBLAS_L2_SIZE", "1"), true, Optional.of("SkylakeX")))
        .contains("OPENBLAS_L2_SIZE=1 does harm; unset it");
    assertThat(MachineReport.describe(hint("OMP_NUM_THREADS", "1"), true, Optional.of("SkylakeX")))
        .isEmpty();
  }
}
