package dev.tiebreak.trainer.train;

import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.config.DataConfig;
import dev.tiebreak.trainer.data.Dataset;
import dev.tiebreak.trainer.data.TextSource;
import java.nio.file.Path;
import java.util.function.Consumer;

/** From the section {@code [data]} to tokens, and where those are kept for the next run. */
public final class PreparedText {
  private PreparedText() {}

  /**
   * Encodes the text, or finds it encoded already.
   *
   * @param cache folder of prepared texts; created if missing
   * @param status told in a few words what is being done, if there is anything to do
   * @throws UserError if the text is missing, empty or not UTF-8, or the folder cannot be written
   */
  public static Dataset open(DataConfig config, Path cache, Consumer<String> status) {
    return Dataset.prepare(
        TextSource.of(config.text(), config.byteLimit()),
        config.tokenizerSpec(),
        1 - config.validationFraction(),
        cache,
        status);
  }

  /** Where this user's system keeps files that can be made again. */
  public static Path userCache() {
    String named = System.getenv("XDG_CACHE_HOME");
    if (named != null && Path.of(named).isAbsolute()) {
      return Path.of(named).resolve("tiebreak/data");
    }
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    Path home = Path.of(System.getProperty("user.home", ""));
    return home.resolve(mac ? "Library/Caches" : ".cache").resolve("tiebreak/data");
  }
}
