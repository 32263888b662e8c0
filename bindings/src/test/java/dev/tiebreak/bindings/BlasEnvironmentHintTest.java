package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlasEnvironmentHintTest {

  @Test
  void aCleanEnvironmentGivesNoHints() {
    assertThat(BlasEnvironmentHint.of(Map.of("PATH", "/bin", "OPENBLAS_CORETYPE", ""), 2))
        .isEmpty();
  }

  @Test
  void aForcedKernelSetIsNamedWithItsRemedy() {
    List<BlasEnvironmentHint> hints =
        BlasEnvironmentHint.of(Map.of("OPENBLAS_CORETYPE", "Haswell"), 2);
    assertThat(hints).hasSize(1);
    assertThat(hints.getFirst().variable()).isEqualTo("OPENBLAS_CORETYPE");
    assertThat(hints.getFirst().value()).isEqualTo("Haswell");
    assertThat(hints.getFirst().problem()).contains("AVX-512");
    assertThat(hints.getFirst().remedy()).contains("unset OPENBLAS_CORETYPE");
  }

  @Test
  void otherSettingsOfOpenBlasAreNamed() {
    var environment =
        Map.of("OPENBLAS_L2_SIZE", "1", "OPENBLAS_BLOCK_FACTOR", "2", "OPENBLAS_VERBOSE", "5");
    assertThat(BlasEnvironmentHint.of(environment, 2))
        .extracting(BlasEnvironmentHint::variable)
        .containsExactly("OPENBLAS_L2_SIZE", "OPENBLAS_BLOCK_FACTOR", "OPENBLAS_VERBOSE");
  }

  @Test
  void fewerThreadsThanCoresAreNamed() {
    List<BlasEnvironmentHint> hints = BlasEnvironmentHint.of(Map.of("OMP_NUM_THREADS", "2"), 8);
    assertThat(hints).hasSize(1);
    assertThat(hints.getFirst().problem()).contains("8");
    assertThat(hints.getFirst().remedy()).contains("unset OMP_NUM_THREADS or set it to 8");
  }

  @Test
  void asManyThreadsAsCoresAreFine() {
    assertThat(BlasEnvironmentHint.of(Map.of("OMP_NUM_THREADS", "8"), 8)).isEmpty();
    assertThat(BlasEnvironmentHint.of(Map.of("OPENBLAS_NUM_THREADS", "0"), 8)).isEmpty();
    assertThat(BlasEnvironmentHint.of(Map.of("OPENBLAS_NUM_THREADS", "many"), 8)).isEmpty();
  }

  @Test
  void onlyTheThreadVariableThatOpenBlasHeedsCounts() {
    var environment = Map.of("OPENBLAS_NUM_THREADS", "8", "OMP_NUM_THREADS", "1");
    assertThat(BlasEnvironmentHint.of(environment, 8)).isEmpty();
    assertThat(BlasEnvironmentHint.of(environment, 16))
        .extracting(BlasEnvironmentHint::variable)
        .containsExactly("OPENBLAS_NUM_THREADS");
  }
}
