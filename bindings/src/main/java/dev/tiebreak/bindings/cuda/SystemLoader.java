package dev.tiebreak.bindings.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks the system's loader for a library by its bare name, and the system which file that was. */
final class SystemLoader {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private SystemLoader() {}

  /**
   * The absolute path of the library, which stays loaded, or nothing if the loader does not find
   * it.
   *
   * @throws IllegalCallerException if Java denies native access
   */
  static Optional<Path> pathOf(String file) {
    try {
      SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException absent) {
      return Optional.empty();
    }
    // A library's files carry longer names than what points to them: libcuda.so.580.159.03.
    String stem = file.substring(0, file.indexOf(".so") + ".so".length());
    try (Stream<String> lines = Files.lines(MAPS)) {
      return lines
          .filter(line -> line.indexOf('/') >= 0)
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(path -> path.getFileName().toString().startsWith(stem))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // no /proc: nothing but a named file can be loaded by path
    }
  }
}
