package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
  private static final Map<String, String> ADA =
      Map.of("user.home", "/home/ada", "java.io.tmpdir", "/tmp");
  private static final Path LINUX = Path.of("/home/ada/.cache/tiebreak");

  @Test
  void theCacheLiesWhereTheSystemKeepsSuchFiles() {
    assertThat(CacheFolder.of(false, Map.of(), ADA)).isEqualTo(LINUX);
    assertThat(CacheFolder.of(true, Map.of(), ADA))
        .isEqualTo(Path.of("/home/ada/Library/Caches/tiebreak"));
  }

  @Test
  void theEnvironmentNamesItFirst() {
    assertThat(CacheFolder.of(false, Map.of("XDG_CACHE_HOME", "relative"), ADA)).isEqualTo(LINUX);
    assertThat(CacheFolder.of(false, Map.of("XDG_CACHE_HOME", "/big"), ADA))
        .isEqualTo(Path.of("/big/tiebreak"));
    assertThat(CacheFolder.of(false, Map.of("HOME", "/elsewhere"), ADA))
        .isEqualTo(Path.of("/elsewhere/.cache/tiebreak"));
  }

  /** A container that runs under a number without a name: Java says "?" for its home. */
  @Test
  void aUserWithoutAHomeHasAPlaceForItAllTheSame() {
    Map<String, String> nobody = Map.of("user.home", "?", "java.io.tmpdir", "/tmp");
    assertThat(CacheFolder.of(false, Map.of(), nobody)).isEqualTo(Path.of("/tmp/tiebreak"));
    assertThat(CacheFolder.of(false, Map.of("HOME", ""), nobody))
        .isEqualTo(Path.of("/tmp/tiebreak"));
  }
}
