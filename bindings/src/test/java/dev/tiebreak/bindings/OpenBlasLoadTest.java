package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Loading, and every way in which it is known to fail: each says what, where and what to do. */
class OpenBlasLoadTest {
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  @TempDir Path folder;

  @Test
  void theLoadedLibrarySaysWhatItIs() {
    OpenBlas blas = OpenBlas.load();
    assertThat(blas.coreName()).isNotBlank();
    assertThat(blas.version()).matches("0\\.3\\.\\d+.*");
    assertThat(blas.configuration()).startsWith("OpenBLAS " + blas.version());
    assertThat(blas.threads()).isPositive();
    assertThat(blas.path()).isAbsolute().isRegularFile();
    assertThat(OpenBlas.load()).isSameAs(blas);
    assertThat(OpenBlas.nativeAccessEnabled()).isTrue();
  }

  @Test
  void everyFunctionOfTheAllowListIsLookedUpBeforeTheGeneratedClassIsTouched() throws Exception {
    String include = "--include-function ";
    assertThat(Files.readAllLines(Path.of("jextract/cblas.symbols")))
        .filteredOn(line -> line.startsWith(include))
        .extracting(line -> line.substring(include.length()))
        .containsExactlyInAnyOrderElementsOf(OpenBlas.REQUIRED);
  }

  @Test
  void aPathInThePropertyThatDoesNotExistIsRefusedWithTheRemedy() throws Exception {
    Path missing = folder.resolve("libopenblas.so");
    assertThat(LoadProbe.run(List.of(NATIVE_ACCESS, "-Dtiebreak.openblas=" + missing), Map.of()))
        .startsWith(
            "refused the system property tiebreak.openblas names no readable file: " + missing)
        .contains("Give the system property tiebreak.openblas the absolute path of a shared");
  }

  @Test
  void aRelativePathInTheVariableIsRefusedWithTheRemedy() throws Exception {
    var environment = Map.of(OpenBlasLocator.VARIABLE, "libopenblas.so");
    assertThat(LoadProbe.run(List.of(NATIVE_ACCESS), environment))
        .startsWith("refused the environment variable TIEBREAK_OPENBLAS holds a relative path")
        .contains("or unset it");
  }

  @Test
  void aFileThatIsNoLibraryIsRefusedAndALaterLoadWorks() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.so"), "not a library");
    var options = List.of(NATIVE_ACCESS, "-Dtiebreak.openblas=" + text);
    assertThat(LoadProbe.run(options, Map.of(), "retry"))
        .contains("refused Cannot load the OpenBLAS library " + text)
        .contains("named by the system property tiebreak.openblas")
        .contains("or unset it")
        .contains("then loaded /");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLibraryThatIsNotOpenBlasIsRefusedAndALaterLoadWorks() throws Exception {
    Path other = extract("libgcc_s.so.1");
    var options = List.of(NATIVE_ACCESS, "-Dtiebreak.openblas=" + other);
    assertThat(LoadProbe.run(options, Map.of(), "retry"))
        .startsWith("refused Cannot use the OpenBLAS library " + other)
        .contains("it has no function cblas_sgemm")
        .contains("then loaded /");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLibraryForAnotherProcessorIsRefused() throws Exception {
    Path library = extract("libgcc_s.so.1");
    byte[] bytes = Files.readAllBytes(library);
    bytes[18] = (byte) (bytes[18] == 62 ? 183 : 62); // ELF's machine: x86-64 or AArch64
    Files.write(library, bytes);
    var options = List.of(NATIVE_ACCESS, "-Dtiebreak.openblas=" + library);
    assertThat(LoadProbe.run(options, Map.of()))
        .startsWith("refused Cannot load the OpenBLAS library " + library)
        .contains("platform");
  }

  @Test
  void deniedNativeAccessIsRefusedWithTheOptionThatGrantsIt() throws Exception {
    assertThat(LoadProbe.run(List.of("--illegal-native-access=deny"), Map.of()))
        .contains("refused Java denies native access")
        .endsWith("Start Java with --enable-native-access=ALL-UNNAMED.");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theLibraryIsUnpackedOnceAndABrokenCopyIsReplaced() throws Exception {
    var environment = Map.of("XDG_CACHE_HOME", folder.toString());
    String first = LoadProbe.run(List.of(NATIVE_ACCESS), environment);
    assertThat(first).startsWith("loaded " + folder.resolve("tiebreak/native"));
    Path copy = Path.of(first.substring("loaded ".length()));
    var written = Files.getLastModifiedTime(copy);
    try (var channel = Files.newByteChannel(copy, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(copy) / 2);
    }
    assertThat(LoadProbe.run(List.of(NATIVE_ACCESS), environment)).isEqualTo(first);
    var repaired = Files.getLastModifiedTime(copy);
    assertThat(repaired).isGreaterThan(written);
    assertThat(LoadProbe.run(List.of(NATIVE_ACCESS), environment)).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(repaired);
  }

  private Path extract(String file) throws Exception {
    Path target = folder.resolve(file);
    try (InputStream in = LoadProbe.openBlasResource(file).openStream()) {
      Files.copy(in, target);
    }
    return target;
  }
}
