package dev.tiebreak.trainer.lab.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MachineTest {
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
