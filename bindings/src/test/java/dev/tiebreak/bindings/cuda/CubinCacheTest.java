package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CubinCacheTest {
  private static final byte[] CUBIN = {1, 2, 3, 4};

  @TempDir Path folder;

  @Test
  void theKeyIsTheHashOfAllThatACubinIsMadeFrom() {
    String key = CubinCache.key("source", List.of("-a", "-b"), "13.0");
    assertThat(key).matches("[0-9a-f]{64}");
    assertThat(CubinCache.key("source", List.of("-a", "-b"), "13.0")).isEqualTo(key);
    assertThat(
            Stream.of(
                CubinCache.key("source ", List.of("-a", "-b"), "13.0"),
                CubinCache.key("source", List.of("-b", "-a"), "13.0"),
                CubinCache.key("source", List.of("-a-b"), "13.0"),
                CubinCache.key("source", List.of("-a", "-b", ""), "13.0"),
                CubinCache.key("source", List.of("-a"), "-b13.0"),
                CubinCache.key("source-a", List.of("-b"), "13.0"),
                CubinCache.key("source", List.of("-a", "-b"), "13.1"),
                key))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsWrittenIsReadAndNothingElseIsLeftBehind() {
    var cache = new CubinCache(folder.resolve("new/cubin"));
    assertThat(cache.read("aa")).isEmpty();
    cache.write("aa", CUBIN);
    assertThat(cache.read("aa")).hasValue(CUBIN);
    assertThat(cache.folder()).isDirectoryContaining("glob:**/aa.cubin");
    assertThat(cache.folder().toFile().list()).hasSize(1);
  }

  @Test
  void aFileThatIsCutOffOrChangedCountsAsAbsentAndIsReplaced() throws IOException {
    var cache = new CubinCache(folder);
    Path file = folder.resolve("aa.cubin");
    cache.write("aa", CUBIN);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThat(cache.read("aa")).as("cut off after %d bytes", length).isEmpty();
    }
    byte[] changed = whole.clone();
    changed[1]++;
    Files.write(file, changed);
    assertThat(cache.read("aa")).isEmpty();
    cache.write("aa", CUBIN);
    assertThat(cache.read("aa")).hasValue(CUBIN);
  }

  @Test
  void aReaderSeesTheOldFileOrTheNewOneWhileItIsReplaced() throws IOException {
    var cache = new CubinCache(folder);
    cache.write("aa", CUBIN);
    try (var reader = Files.newInputStream(folder.resolve("aa.cubin"))) {
      cache.write("aa", new byte[] {9});
      assertThat(reader.readAllBytes()).startsWith(CUBIN).hasSize(CUBIN.length + 32);
    }
    assertThat(cache.read("aa")).hasValue(new byte[] {9});
  }

  @Test
  void aCacheThatCannotBeWrittenIsNoError() throws IOException {
    var cache = new CubinCache(Files.createFile(folder.resolve("in-the-way")));
    cache.write("aa", CUBIN);
    assertThat(cache.read("aa")).isEmpty();
  }
}
