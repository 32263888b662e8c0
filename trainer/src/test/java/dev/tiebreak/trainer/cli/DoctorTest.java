package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.bindings.BlasEnvironmentHint;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private static BlasEnvironmentHint hint(String variable, String value) {
    return new BlasEnvironmentHint(variable, value, "does harm", "unset it");
  }

  @Test
  void theReportNamesEverythingThatMatters() {
    Cli cli = Cli.run("doctor", "--threads", "1");
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("Java  ", Runtime.version().toString(), System.getProperty("java.home"))
        .contains("Native access", "Processor", "GPU", "Memory", "Disk", "BLAS  ", "1 threads")
        .containsPattern("Speed +[0-9]+ GFLOP/s")
        .doesNotContain("\u001B");
  }

  @Test
  void aBrokenLibraryIsReportedWithTheReasonAndTheRemedy() throws Exception {
    String absent = "/absent/libopenblas.so";
    Cli cli = Cli.start(List.of("-Dtiebreak.openblas=" + absent), "doctor", "--threads", "1");
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("BLAS           none: matrix products run in plain Java")
        .contains("! the system property tiebreak.openblas names no readable file: " + absent)
        .contains("or unset it to use the library that comes along")
        .containsPattern("Speed +[0-9]+ GFLOP/s");
  }

  @Test
  void aPinnedKernelSetIsNamedWithWhatTheProcessorCouldRun() {
    assertThat(DoctorCommand.describe(hint("OPENBLAS_CORETYPE", "Haswell"), true, "Haswell"))
        .contains(
            "OPENBLAS_CORETYPE=Haswell pins OpenBLAS to its Haswell kernels, while this processor"
                + " has AVX-512 and could run SkylakeX kernels or newer; unset OPENBLAS_CORETYPE in"
                + " the shell that starts Java");
    assertThat(DoctorCommand.describe(hint("OPENBLAS_CORETYPE", "Haswell"), false, null))
        .contains(
            "OPENBLAS_CORETYPE=Haswell pins OpenBLAS to its Haswell kernels, whatever the processor"
                + " could run; unset OPENBLAS_CORETYPE in the shell that starts Java");
    assertThat(DoctorCommand.describe(hint("OPENBLAS_CORETYPE", "skylakex"), true, "SkylakeX"))
        .hasValueSatisfying(text -> assertThat(text).doesNotContain("AVX-512"));
  }

  @Test
  void variablesAreReportedUnlessTheyDoNoHarmHere() {
    assertThat(DoctorCommand.describe(hint("OPENBLAS_L2_SIZE", "1"), true, "SkylakeX"))
        .contains("OPENBLAS_L2_SIZE=1 does harm; unset it");
    assertThat(DoctorCommand.describe(hint("OMP_NUM_THREADS", "1"), true, "SkylakeX")).isEmpty();
  }

  @Test
  void theProcessorIsReadFromWhatLinuxSays() {
    Processor x86 =
        Processor.parse(
            """
            processor\t: 0
            model name\t: Some CPU @ 2.5GHz
            flags\t\t: fpu sse4_2 avx avx2 fma avx512f avx512dq avx512bw avx512vl hypervisor
            processor\t: 1
            model name\t: Another
            """,
            "amd64");
    assertThat(x86.model()).isEqualTo("Some CPU @ 2.5GHz");
    assertThat(x86.features())
        .containsExactly(
            "sse4_2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl");
    assertThat(x86.hasAvx512()).isTrue();
    Processor arm = Processor.parse("Features\t: fp asimd sve\n", "aarch64");
    assertThat(arm).isEqualTo(new Processor("aarch64", List.of("asimd", "sve")));
    assertThat(arm.hasAvx512()).isFalse();
    assertThat(Processor.parse("", "riscv64")).isEqualTo(new Processor("riscv64", List.of()));
  }

  @Test
  void theMemoryIsThatOfTheContainerIfItHasALimit() {
    String meminfo = "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:   600 kB\n";
    assertThat(MemoryInfo.parse(meminfo, "", ""))
        .isEqualTo(new MemoryInfo(OptionalLong.of(1_024_000), OptionalLong.of(614_400)));
    assertThat(MemoryInfo.parse(meminfo, "max", "5000"))
        .isEqualTo(MemoryInfo.parse(meminfo, "", ""));
    assertThat(MemoryInfo.parse(meminfo, "512000", "12000"))
        .isEqualTo(new MemoryInfo(OptionalLong.of(512_000), OptionalLong.of(500_000)));
    assertThat(MemoryInfo.parse("", "", ""))
        .isEqualTo(new MemoryInfo(OptionalLong.empty(), OptionalLong.empty()));
  }
}
