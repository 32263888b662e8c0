package dev.tiebreak.bindings;

import java.nio.file.Path;

/**
 * The folder where Tiebreak keeps what it can make again: unpacked libraries, compiled kernels. It
 * is {@code $XDG_CACHE_HOME/tiebreak}, which is {@code ~/.cache/tiebreak} where that is not set,
 * and {@code ~/Library/Caches/tiebreak} on macOS. It may be deleted at any time.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** The cache folder of this user; it need not exist. */
  public static Path ofThisUser() {
    Path userHome = Path.of(System.getProperty("user.home", ""));
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    return of(mac, userHome, System.getenv("XDG_CACHE_HOME"));
  }

  static Path of(boolean mac, Path userHome, String xdgCacheHome) {
    boolean named = xdgCacheHome != null && xdgCacheHome.startsWith("/");
    Path caches =
        named ? Path.of(xdgCacheHome) : userHome.resolve(mac ? "Library/Caches" : ".cache");
    return caches.resolve("tiebreak");
  }
}
