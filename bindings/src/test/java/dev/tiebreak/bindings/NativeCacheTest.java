package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  @TempDir Path folder;

  @Test
  void librariesAreCopiedIntoOneFolderInTheirOrder() throws IOException {
    List<URL> jar = jar("first.jar", "one");
    List<Path> copies = new NativeCache(folder.resolve("home")).unpack("test", jar);
    assertThat(copies).hasSize(2);
    assertThat(copies.getFirst()).hasFileName("needed.so").hasContent("what one needs");
    assertThat(copies.getLast()).hasFileName("library.so").hasContent("one");
    assertThat(copies.getFirst()).hasParent(copies.getLast().getParent());
    assertThat(copies.getLast().getParent()).hasParent(folder.resolve("home"));
    try (var files = Files.list(copies.getLast().getParent())) {
      assertThat(files).containsExactlyInAnyOrderElementsOf(copies);
    }
  }

  @Test
  void otherContentGetsAnotherFolder() throws IOException {
    var cache = new NativeCache(folder.resolve("home"));
    Path one = cache.unpack("test", jar("first.jar", "one")).getLast();
    Path two = cache.unpack("test", jar("second.jar", "two")).getLast();
    assertThat(one.getParent()).isNotEqualTo(two.getParent());
    assertThat(one).hasContent("one");
    assertThat(two).hasContent("two");
  }

  @Test
  void aGoodCopyIsUsedAsItIs() throws IOException {
    var cache = new NativeCache(folder.resolve("home"));
    List<URL> jar = jar("first.jar", "one");
    Path copy = cache.unpack("test", jar).getLast();
    Object key = Files.readAttributes(copy, "unix:ino");
    assertThat(cache.unpack("test", jar).getLast()).isEqualTo(copy);
    assertThat((Object) Files.readAttributes(copy, "unix:ino")).isEqualTo(key);
  }

  @Test
  void aCopyOfTheRightSizeWithAWrongByteIsReplaced() throws IOException {
    var cache = new NativeCache(folder.resolve("home"));
    List<URL> jar = jar("first.jar", "one");
    Path copy = cache.unpack("test", jar).getLast();
    Files.writeString(copy, "0ne");
    assertThat(cache.unpack("test", jar).getLast()).isEqualTo(copy).hasContent("one");
  }

  @Test
  void aTruncatedOrMissingCopyIsReplaced() throws IOException {
    var cache = new NativeCache(folder.resolve("home"));
    List<URL> jar = jar("first.jar", "one");
    List<Path> copies = cache.unpack("test", jar);
    Files.writeString(copies.getLast(), "o");
    Files.delete(copies.getFirst());
    cache.unpack("test", jar);
    assertThat(copies.getFirst()).hasContent("what one needs");
    assertThat(copies.getLast()).hasContent("one");
  }

  @Test
  void whereTheCacheCannotBeMadeATemporaryFolderIsUsed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way of the cache");
    List<Path> copies = new NativeCache(file).unpack("test", jar("first.jar", "one"));
    assertThat(copies.getLast()).hasContent("one");
    assertThat(copies.getLast().startsWith(System.getProperty("java.io.tmpdir"))).isTrue();
  }

  @Test
  void aLibraryThatCannotBeReadIsAnError() throws IOException {
    List<URL> jar = jar("first.jar", "one");
    URL absent = URI.create(jar.getFirst().toString().replace("needed", "absent")).toURL();
    var cache = new NativeCache(folder.resolve("home"));
    assertThatThrownBy(() -> cache.unpack("test", List.of(absent))).isInstanceOf(IOException.class);
  }

  /** The resources of a jar with a library and what that needs, in loading order. */
  private List<URL> jar(String name, String content) throws IOException {
    Path jar = folder.resolve(name);
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("lib/library.so"));
      out.write(content.getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("lib/needed.so"));
      out.write(("what " + content + " needs").getBytes(StandardCharsets.UTF_8));
    }
    String prefix = "jar:" + jar.toUri() + "!/lib/";
    return List.of(
        URI.create(prefix + "needed.so").toURL(), URI.create(prefix + "library.so").toURL());
  }
}
