package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CudaProbeTest {
  @TempDir Path root;

  @Test
  void withoutCudaEachLibraryIsReportedMissingInOneLine() {
    var nothing = new LibrarySearch(name -> null, name -> null, root, file -> Optional.empty());
    CudaProbe probe = CudaProbe.of(new CudaLibraries(nothing));
    assertThat(probe.libraries()).hasSize(5).allMatch(finding -> finding.path().isEmpty());
    assertThat(probe.devices()).isEmpty();
    assertThat(probe.lines()).hasSize(6).noneMatch(line -> line.contains("\n"));
    assertThat(probe.lines().get(0)).startsWith("the CUDA driver is missing: no libcuda.so.1");
    assertThat(probe.lines().get(1)).startsWith("NVRTC is missing: no libnvrtc.so.13 or");
    assertThat(probe.lines().get(2)).startsWith("cuBLASLt is missing: no libcublasLt.so.13 or");
    assertThat(probe.lines().get(3)).startsWith("cuDNN is missing: no libcudnn.so.9");
    assertThat(probe.lines().get(4)).startsWith("NCCL is missing: no libnccl.so.2");
    assertThat(probe.lines().get(5)).isEqualTo("No GPU: without the driver, no GPU is seen");
    assertThat(probe.unusable()).hasValue(probe.lines().getFirst());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLibraryThatCannotBeLoadedIsReportedWithItsPath() throws Exception {
    byte[] bytes = Files.readAllBytes(SystemLoader.pathOf("libc.so.6").orElseThrow());
    bytes[18] = (byte) (bytes[18] == 62 ? 183 : 62); // ELF's machine: x86-64 or AArch64
    Path foreign = Files.write(root.resolve("libnvrtc.so.13"), bytes);
    var search =
        new LibrarySearch(
            name -> null,
            name -> null,
            root,
            file -> file.startsWith("libnvrtc.") ? Optional.of(foreign) : Optional.empty());
    CudaProbe probe = CudaProbe.of(new CudaLibraries(search));
    assertThat(probe.libraries().get(1).line())
        .startsWith(
            "Cannot load the NVRTC library " + foreign + " (found by the system's loader): ");
  }

  @Test
  @NeedsCudaDouble
  void whatIsThereIsReportedWithVersionAndPlaceAndTheGpusWithTheirFacts() {
    CudaDouble.install();
    CudaProbe probe = Cuda.probe();
    String path = CudaDouble.library().toString();
    String origin = " (named by the system property tiebreak.cuda.";
    assertThat(probe.lines())
        .startsWith(
            "the CUDA driver for CUDA 13.0: " + path + origin + "driver)",
            "NVRTC 13.0: " + path + origin + "nvrtc)")
        .endsWith("GPU 0: Double 40, compute capability 9.0, 80.0 GiB");
    assertThat(probe.noDevice()).isEmpty();
  }

  @Test
  @NeedsCudaDouble
  void aDriverThatFindsNoDeviceIsReportedInItsOwnWords() {
    CudaDouble.install();
    CudaDouble.fail("cuInit", 2);
    CudaProbe probe = Cuda.probe();
    assertThat(probe.noDevice())
        .hasValue("cuInit failed with CUDA_ERROR_OUT_OF_MEMORY (2): out of memory");
    assertThat(probe.devices()).isEmpty();
  }

  /** The libraries of the fake folder are empty; the functions are those of the stand-in. */
  @Test
  @NeedsCudaDouble
  @EnabledOnOs(OS.LINUX)
  void whatALibraryAsksForByNameIsLoadedFromTheSameFolder() throws Exception {
    CudaDouble.install();
    Path folder = Files.createDirectories(root.resolve("usr/local/cuda/lib64"));
    for (String name :
        List.of(
            "libnvrtc.so.13",
            "libnvrtc-builtins.so.12.9",
            "libnvrtc-builtins.so.13.0",
            "libcublasLt.so.13",
            "libcublas.so.13",
            "libcudnn.so.9")) {
      CudaDouble.compileEmptyLibrary(folder.resolve(name));
    }
    var search = new LibrarySearch(name -> null, name -> null, root, file -> Optional.empty());
    var libraries = new CudaLibraries(search);
    assertThat(libraries.load(CudaLibrary.NVRTC).path()).hasFileName("libnvrtc.so.13");
    libraries.load(CudaLibrary.CUBLASLT);
    String before = Files.readString(Path.of("/proc/self/maps"));
    libraries.load(CudaLibrary.CUDNN);
    String after = Files.readString(Path.of("/proc/self/maps"));
    assertThat(before)
        .contains(folder + "/libnvrtc-builtins.so.13.0")
        .contains(folder + "/libcublasLt.so.13")
        .doesNotContain(folder + "/libnvrtc-builtins.so.12.9")
        .doesNotContain(folder + "/libcublas.so.13");
    assertThat(after).contains(folder + "/libcublas.so.13", folder + "/libcudnn.so.9");
  }

  @Test
  void versionsAreWrittenAsPeopleWriteThem() {
    assertThat(CudaLibraries.dotted(13_000, 1000, 10)).isEqualTo("13.0");
    assertThat(CudaLibraries.dotted(12_080, 1000, 10)).isEqualTo("12.8");
    assertThat(CudaLibraries.dotted(130_002, 10_000, 100, 1)).isEqualTo("13.0.2");
    assertThat(CudaLibraries.dotted(91_900, 10_000, 100, 1)).isEqualTo("9.19.0");
  }

  @Test
  void theAllowListsComeAlongSoThatFunctionsCanBeLookedUp() {
    assertThat(CudaLibraries.functions(CudaLibrary.DRIVER)).contains("cuInit", "cuLaunchKernel");
    assertThat(CudaLibraries.functions(CudaLibrary.NCCL)).contains("ncclAllReduce");
  }
}
