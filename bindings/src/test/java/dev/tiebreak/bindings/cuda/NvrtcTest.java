package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsCudaDouble
class NvrtcTest {
  private static final List<String> OPTIONS =
      List.of("--gpu-architecture=sm_90a", "-DfloatX=float");

  @TempDir Path folder;
  private Nvrtc nvrtc;

  @BeforeEach
  void loadTheDouble() {
    CudaDouble.install();
    nvrtc = new Nvrtc(Nvrtc.load().version(), new CubinCache(folder));
  }

  @Test
  void whatItCompilesCanBeLoadedAndLaunched() {
    byte[] cubin = nvrtc.cubin("scale.cu", "kernel scale 8 4", OPTIONS);
    assertThat(CudaDouble.log())
        .containsExactly("compile scale.cu --gpu-architecture=sm_90a -DfloatX=float");
    try (Cuda _ = CudaDouble.open();
        CudaModule module = CudaModule.load("scale.cu", cubin)) {
      module.function("scale").arguments(Arguments.Kind.POINTER, Arguments.Kind.INT);
    }
  }

  @Test
  void whatWasCompiledOnceIsTakenFromTheCache() {
    byte[] first = nvrtc.cubin("scale.cu", "kernel scale 8 4", OPTIONS);
    assertThat(nvrtc.cubin("scale.cu", "kernel scale 8 4", OPTIONS)).isEqualTo(first);
    assertThat(CudaDouble.log()).hasSize(1);
    nvrtc.cubin("scale.cu", "kernel scale 8 8", OPTIONS);
    nvrtc.cubin("scale.cu", "kernel scale 8 4", OPTIONS.reversed());
    new Nvrtc("13.1", new CubinCache(folder)).cubin("scale.cu", "kernel scale 8 4", OPTIONS);
    assertThat(CudaDouble.log()).hasSize(4);
  }

  @Test
  void aSourceThatDoesNotCompileIsAnErrorWithTheCompilersLogAndNothingIsKept() {
    long live = CudaDouble.live();
    assertThatThrownBy(() -> nvrtc.cubin("bad.cu", "#error no such thing", OPTIONS))
        .isInstanceOfSatisfying(
            CudaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(6);
              assertThat(e.name()).isEqualTo("NVRTC_ERROR_COMPILATION");
              assertThat(e.text()).isEqualTo("bad.cu(1): catastrophic error: no such thing");
            })
        .hasMessageStartingWith(
            "nvrtcCompileProgram of bad.cu failed with NVRTC_ERROR_COMPILATION (6): bad.cu(1):");
    assertThat(CudaDouble.live()).isEqualTo(live);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void optionsWithoutARealArchitectureAreRefused() {
    assertThatThrownBy(() -> nvrtc.compile("scale.cu", "kernel scale", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scale.cu has no cubin");
  }

  @Test
  void aFailureWhenAProgramIsGivenBackIsThrownAndHidesNoOther() {
    CudaDouble.fail("nvrtcDestroyProgram", 5);
    assertThatThrownBy(() -> nvrtc.compile("one.cu", "kernel one", OPTIONS))
        .hasMessage("nvrtcDestroyProgram failed with NVRTC_ERROR_INVALID_OPTION (5)");
    CudaDouble.fail("nvrtcDestroyProgram", 5);
    assertThatThrownBy(() -> nvrtc.compile("bad.cu", "#error no such thing", OPTIONS))
        .hasMessageStartingWith("nvrtcCompileProgram of bad.cu failed")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    nvrtc.compile("one.cu", "kernel one", OPTIONS);
  }
}
