package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
  @Test
  void theCacheLiesWhereTheSystemKeepsSuchFiles() {
    Path home = Path.of("/home/ada");
    Path linuxDefault = home.resolve(".cache/tiebreak");
    assertThat(CacheFolder.of(false, home, null)).isEqualTo(linuxDefault);
    assertThat(CacheFolder.of(false, home, "relative")).isEqualTo(linuxDefault);
    assertThat(CacheFolder.of(false, home, "/big")).isEqualTo(Path.of("/big/tiebreak"));
    assertThat(CacheFolder.of(true, home, null)).isEqualTo(home.resolve("Library/Caches/tiebreak"));
  }
}
