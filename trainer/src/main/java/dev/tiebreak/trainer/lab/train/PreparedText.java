package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.bindings.CacheFolder;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.DataConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** From the section {@code [data]} to tokens, and where those are kept for the next run. */
public final class PreparedText {
  private static final int MOST_NAMED = 5;

  private PreparedText() {}

  /**
   * Encodes the text, or finds it encoded already.
   *
   * @param cache folder of prepared texts; created if missing
   * @param status told in a few words what is being done, if there is anything to do
   * @throws UserError if the text is missing, empty or not UTF-8, or the folder cannot be written
   */
  public static Dataset open(DataConfig config, Path cache, Consumer<String> status) {
    TextSource text = source(config, config.text(), config.byteLimit());
    List<String> leftOut = text.leftOut();
    if (!leftOut.isEmpty()) {
      String names = String.join(", ", leftOut.subList(0, Math.min(MOST_NAMED, leftOut.size())));
      status.accept(
          Words.of(
              "leaving out %d files that are no .txt, .text or .md: %s%s",
              leftOut.size(), names, leftOut.size() > MOST_NAMED ? " and more" : ""));
    }
    return Dataset.prepare(text, config.tokenizerSpec(), holdout(config), cache, status);
  }

  private static TextSource source(DataConfig config, List<String> texts, long maxBytes) {
    return TextSource.of(texts, maxBytes).separatedBy(config.separator());
  }

  private static Holdout holdout(DataConfig config) {
    if (!config.validationText().isEmpty()) {
      return new Holdout.Text(source(config, config.validationText(), TextSource.UNLIMITED));
    }
    return switch (config.validation()) {
      case END -> new Holdout.End(1 - config.validationFraction());
      case DOCUMENTS -> new Holdout.Documents(config.validationFraction());
    };
  }

  /** Where this user's encoded texts are kept, beside what else can be made again. */
  public static Path userCache() {
    return CacheFolder.ofThisUser().resolve("data");
  }
}
