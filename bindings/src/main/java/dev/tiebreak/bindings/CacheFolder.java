package dev.tiebreak.bindings;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder where Tiebreak keeps what it can make again: unpacked libraries, compiled kernels. It
 * is {@code $XDG_CACHE_HOME/tiebreak}, which is {@code $HOME/.cache/tiebreak} where that is not
 * set, and {@code $HOME/Library/Caches/tiebreak} on macOS. A user without a home, as in a container
 * that was given a number for one, has it in the folder for temporary files. It may be deleted at
 * any time.
 */
public final class CacheFolder {
  private static final String NAME = "tiebreak";

  private CacheFolder() {}

  /** The cache folder of this user; it need not exist. */
  public static Path ofThisUser() {
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    return of(mac, System.getenv(), System.getProperties());
  }

  static Path of(boolean mac, Map<String, String> environment, Map<?, ?> properties) {
    String named = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (named.startsWith("/")) {
      return Path.of(named, NAME);
    }
    return Stream.of(environment.get("HOME"), properties.get("user.home"))
        .filter(home -> home instanceof String path && path.startsWith("/"))
        .map(home -> Path.of((String) home, mac ? "Library/Caches" : ".cache", NAME))
        .findFirst()
        .orElseGet(() -> Path.of((String) properties.get("java.io.tmpdir"), NAME));
  }
}
