package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenBlasLocatorTest {
  @TempDir Path folder;

  @Test
  void thePropertyGoesBeforeTheVariableAndTheVariableBeforeTheJar() throws IOException {
    Path one = Files.writeString(folder.resolve("one.so"), "1");
    Path two = Files.writeString(folder.resolve("two.so"), "2");
    Path bundled = bundle("linux-x86_64", "libopenblas.so.0");
    var property = Map.of(OpenBlasLocator.PROPERTY, one.toString());
    var variable = Map.of(OpenBlasLocator.VARIABLE, two.toString());

    var located = locator("linux-x86_64", property, variable).locate();
    assertThat(located.libraries()).containsExactly(one);
    assertThat(located.origin()).contains("system property tiebreak.openblas");

    located = locator("linux-x86_64", Map.of(), variable).locate();
    assertThat(located.libraries()).containsExactly(two);
    assertThat(located.origin()).contains("environment variable TIEBREAK_OPENBLAS");

    located = locator("linux-x86_64", Map.of(), Map.of()).locate();
    assertThat(located.libraries().getLast()).hasSameBinaryContentAs(bundled);
    assertThat(located.origin()).contains("org.bytedeco:openblas");
  }

  @Test
  void whatOpenBlasNeedsIsLoadedBeforeItWherePresent() throws IOException {
    bundle("linux-arm64", "libopenblas.so.0");
    bundle("linux-arm64", "libgfortran.so.5");
    bundle("linux-arm64", "libgcc_s.so.1");
    assertThat(locator("linux-arm64", Map.of(), Map.of()).locate().libraries())
        .extracting(library -> library.getFileName().toString())
        .containsExactly("libgcc_s.so.1", "libgfortran.so.5", "libopenblas.so.0");

    bundle("macosx-arm64", "libopenblas.0.dylib");
    bundle("macosx-arm64", "libgfortran.5.dylib");
    assertThat(locator("macosx-arm64", Map.of(), Map.of()).locate().libraries())
        .extracting(library -> library.getFileName().toString())
        .containsExactly("libgfortran.5.dylib", "libopenblas.0.dylib");
  }

  @Test
  void aMissingJarIsNamedWithItsClassifierAndTheOtherWays() {
    assertThatThrownBy(() -> locator("linux-riscv64", Map.of(), Map.of()).locate())
        .isInstanceOf(NativeLibraryException.class)
        .hasMessageContaining("org/bytedeco/openblas/linux-riscv64/libopenblas.so.0")
        .hasMessageContaining("org.bytedeco:openblas with the classifier linux-riscv64")
        .hasMessageContaining("-Dtiebreak.openblas or TIEBREAK_OPENBLAS");
  }

  @Test
  void windowsIsRefusedBecauseTheGeneratedSourcesDoNotHoldThere() {
    assertThatThrownBy(() -> locator("windows-x86_64", Map.of(), Map.of()).locate())
        .isInstanceOf(NativeLibraryException.class)
        .hasMessageContaining("Windows");
  }

  @Test
  void platformsAreNamedAsTheJarNamesThem() {
    assertThat(OpenBlasLocator.platform("Linux", "amd64")).isEqualTo("linux-x86_64");
    assertThat(OpenBlasLocator.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
    assertThat(OpenBlasLocator.platform("Mac OS X", "aarch64")).isEqualTo("macosx-arm64");
    assertThat(OpenBlasLocator.platform("Mac OS X", "x86_64")).isEqualTo("macosx-x86_64");
    assertThat(OpenBlasLocator.platform("Windows 11", "amd64")).isEqualTo("windows-x86_64");
    assertThat(OpenBlasLocator.platform("Linux", "riscv64")).isEqualTo("linux-riscv64");
  }

  private Path bundle(String platform, String file) throws IOException {
    Path resource = folder.resolve("org/bytedeco/openblas").resolve(platform).resolve(file);
    Files.createDirectories(resource.getParent());
    return Files.writeString(resource, "content of " + file);
  }

  private OpenBlasLocator locator(
      String platform, Map<String, String> properties, Map<String, String> environment) {
    return new OpenBlasLocator(
        platform,
        properties::get,
        environment::get,
        this::resource,
        new NativeCache(folder.resolve("cache")));
  }

  private URL resource(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file) ? file.toUri().toURL() : null;
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
