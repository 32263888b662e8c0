package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generated classes and their allow-lists say the same; no library is loaded for it. */
class GeneratedSourcesTest {
  private static final String RAW = "dev.tiebreak.bindings.raw.";

  @ParameterizedTest
  @CsvSource({
    "cblas, Cblas",
    "driver, DriverApi",
    "nvrtc, NvrtcApi",
    "cublaslt, CublasLtApi",
    "cudnn, CudnnApi",
    "nccl, NcclApi"
  })
  void theGeneratedClassHasWhatTheAllowListNamesAndNothingElse(String part, String name)
      throws Exception {
    Class<?> generated = Class.forName(RAW + part + "." + name, false, getClass().getClassLoader());
    Set<String> bound =
        Stream.of(generated.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .filter(method -> !method.contains("$"))
            .collect(Collectors.toCollection(TreeSet::new));
    // C's f() says nothing of its parameters, so jextract makes a class of it (ncclGroupStart).
    Stream.of(generated.getDeclaredClasses())
        .filter(type -> Modifier.isPublic(type.getModifiers()))
        .forEach(type -> bound.add(type.getSimpleName()));
    var allowed = new TreeSet<>(names(part, "function"));
    allowed.addAll(names(part, "constant"));
    assertThat(bound).isEqualTo(allowed);
    for (String struct : names(part, "struct")) {
      assertThat(Class.forName(RAW + part + "." + struct, false, getClass().getClassLoader()))
          .hasPublicMethods("layout", "sizeof");
    }
  }

  /**
   * The plain name of a function that cuda.h renames is still exported, with an older signature.
   */
  @Test
  void noDriverFunctionIsBoundByANameThatStandsForAnOlderOne() throws IOException {
    assertThat(names("driver", "function"))
        .doesNotContain(
            "cuDeviceTotalMem",
            "cuDevicePrimaryCtxRelease",
            "cuCtxCreate",
            "cuMemGetInfo",
            "cuMemAlloc",
            "cuMemFree",
            "cuMemAllocHost",
            "cuMemcpyHtoDAsync",
            "cuMemcpyDtoHAsync",
            "cuMemcpyDtoDAsync",
            "cuStreamDestroy",
            "cuStreamBeginCapture",
            "cuEventDestroy",
            "cuEventElapsedTime",
            "cuGraphInstantiate",
            "cuGraphInstantiate_v2",
            "cuGraphExecUpdate",
            "cuGetProcAddress");
  }

  private static List<String> names(String part, String kind) throws IOException {
    String include = "--include-" + kind + " ";
    return Files.readAllLines(Path.of("jextract", part + ".symbols")).stream()
        .filter(line -> line.startsWith(include))
        .map(line -> line.substring(include.length()))
        .toList();
  }
}
