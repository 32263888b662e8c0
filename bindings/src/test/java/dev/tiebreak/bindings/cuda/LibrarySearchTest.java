package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.NativeLibraryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The order of search, on folders of fake files. */
class LibrarySearchTest {
  @TempDir Path root;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, Path> system = new HashMap<>();
  private LibrarySearch search;

  @BeforeEach
  void searchInTheFakeFolders() {
    search =
        new LibrarySearch(
            properties::get, environment::get, root, file -> Optional.ofNullable(system.get(file)));
  }

  @Test
  void eachPlaceIsOverruledByTheOneBeforeIt() throws IOException {
    Path loader = file("usr/lib/libnvrtc.so.13");
    system.put("libnvrtc.so.13", loader);
    assertFound(loader, "found by the system's loader");

    Path oldToolkit = file("usr/local/cuda-9.2/lib64/libnvrtc.so.12");
    assertFound(oldToolkit, "from the CUDA toolkit");
    Path newToolkit = file("usr/local/cuda-13.0/lib64/libnvrtc.so.13");
    assertFound(newToolkit, "from the CUDA toolkit");
    Path toolkit = file("usr/local/cuda/lib64/libnvrtc.so.13");
    assertFound(toolkit, "from the CUDA toolkit");
    environment.put("CUDA_PATH", root.resolve("path").toString());
    Path path = file("path/lib/libnvrtc.so.13");
    assertFound(path, "from the CUDA toolkit");
    environment.put("CUDA_HOME", root.resolve("home").toString());
    Path home = file("home/targets/x86_64-linux/lib/libnvrtc.so.13");
    assertFound(home, "from the CUDA toolkit");

    environment.put("HOME", root.resolve("ada").toString());
    Path user = file("ada/.local/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13");
    assertFound(user, "from a Python wheel");
    environment.put("VIRTUAL_ENV", root.resolve("venv").toString());
    Path wheel = file("venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
    assertFound(wheel, "from a Python wheel");

    Path variable = file("variable/nvrtc.so");
    environment.put("TIEBREAK_CUDA_NVRTC", variable.toString());
    assertFound(variable, "named by the environment variable TIEBREAK_CUDA_NVRTC");
    Path property = file("property/nvrtc.so");
    properties.put("tiebreak.cuda.nvrtc", property.toString());
    assertFound(property, "named by the system property tiebreak.cuda.nvrtc");
  }

  @Test
  void thePythonOnThePathIsAskedWhereItIsAndWhereItPointsTo() throws IOException {
    Path real = file("opt/python/bin/python3.12");
    assertThat(real.toFile().setExecutable(true)).isTrue();
    Path link = root.resolve("venv/bin/python3");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, real);
    environment.put("PATH", root.resolve("empty") + ":" + link.getParent());
    Path base = file("opt/python/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13");
    assertFound(base, "from a Python wheel");
    Path own = file("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13");
    assertFound(own, "from a Python wheel");
  }

  @Test
  void ofTwoVersionsInOneFolderTheNewerIsTaken() throws IOException {
    file("usr/local/cuda/lib64/libnvrtc.so.12");
    Path newer = file("usr/local/cuda/lib64/libnvrtc.so.13");
    assertFound(newer, "from the CUDA toolkit");
  }

  @Test
  void theDriverIsTheSystemsAndIsNotSoughtInToolkits() throws IOException {
    file("usr/local/cuda/lib64/libcuda.so.1");
    assertThatThrownBy(() -> search.find(CudaLibrary.DRIVER))
        .isInstanceOf(NativeLibraryException.class)
        .hasMessage(
            "the CUDA driver is missing: no libcuda.so.1 by the system's loader. Install NVIDIA's"
                + " driver, 580 or newer, or use the CPU, or name the file by absolute path in"
                + " -Dtiebreak.cuda.driver or TIEBREAK_CUDA_DRIVER.");
    Path driver = file("usr/lib/libcuda.so.1");
    system.put("libcuda.so.1", driver);
    assertThat(search.find(CudaLibrary.DRIVER).path()).isEqualTo(driver);
  }

  @Test
  void aNamedFileThatIsNotThereIsRefusedAndNotPassedOver() throws IOException {
    file("usr/local/cuda/lib64/libnvrtc.so.13");
    for (String name : new String[] {"libnvrtc.so.13", root.resolve("absent.so").toString()}) {
      properties.put("tiebreak.cuda.nvrtc", name);
      assertThatThrownBy(() -> search.find(CudaLibrary.NVRTC))
          .isInstanceOf(NativeLibraryException.class)
          .hasMessage(
              "the system property tiebreak.cuda.nvrtc names no file by absolute path: %s. Give it"
                  + " the absolute path of libnvrtc.so.13, or unset it.",
              name);
    }
  }

  @Test
  void whatIsMissingIsNamedWithThePlacesAndTheRemedy() throws IOException {
    file("usr/local/cuda/lib64/libother.so");
    assertThatThrownBy(() -> search.find(CudaLibrary.CUBLASLT))
        .isInstanceOf(NativeLibraryException.class)
        .hasMessage(
            "cuBLASLt is missing: no libcublasLt.so.13 or libcublasLt.so.12 in 1 folders of Python"
                + " packages and CUDA toolkits, nor by the system's loader. Install the CUDA 13"
                + " toolkit or the Python package nvidia-cublas, or name the file by absolute path"
                + " in -Dtiebreak.cuda.cublaslt or TIEBREAK_CUDA_CUBLASLT.");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theSystemsLoaderSaysWhichFileItTook() {
    assertThat(SystemLoader.pathOf("libc.so.6"))
        .hasValueSatisfying(path -> assertThat(path).isAbsolute().isRegularFile());
    assertThat(SystemLoader.pathOf("libtiebreak_absent.so.1")).isEmpty();
  }

  private void assertFound(Path path, String origin) {
    assertThat(search.find(CudaLibrary.NVRTC)).isEqualTo(new LibrarySearch.Found(path, origin));
  }

  private Path file(String name) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.createFile(path);
  }
}
