package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TextPieces;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the folder of a {@link Dataset}. The text is read twice or three times, never kept: to hash
 * it, for tokenizers that learn to train, and to encode it.
 */
record Preparation(TextSource text, TokenizerSpec spec, Holdout holdout, Consumer<String> status) {
  /** Folder in the cache: what is known of texts, by the hashes of their fingerprints. */
  private static final String TEXTS = "texts";

  private static final Logger LOG = System.getLogger(Preparation.class.getName());

  /**
   * Opens the data's folder below {@code cache} and fills it first if it is not whole. A text with
   * a fingerprint is not read where it was read before.
   */
  Dataset openIn(Path cache) {
    TextStats stats = stats(text, cache);
    Optional<TextStats> validation = validation().map(source -> stats(source, cache));
    Path folder = folder(cache, stats, validation);
    try {
      Files.createDirectories(folder);
      try (LockFile _ = LockFile.take(folder.resolve(".lock"))) {
        return openLocked(folder, stats, validation);
      }
    } catch (IOException e) {
      String message = UserError.io("prepare data in", folder, e).getMessage();
      throw new UserError(message + "; or choose another cache", e, Remedy.parameter("cache"));
    }
  }

  private Optional<TextSource> validation() {
    return holdout instanceof Holdout.Text(TextSource own) ? Optional.of(own) : Optional.empty();
  }

  private static TextStats stats(TextSource source, Path cache) {
    Optional<Path> note =
        source.fingerprint().map(print -> cache.resolve(TEXTS).resolve(Sha256.of(print)));
    Optional<TextStats> noted = note.flatMap(TextStats::read);
    if (noted.isPresent()) {
      return noted.get();
    }
    TextMeter meter = new TextMeter();
    source.read(meter);
    TextStats stats = meter.stats();
    if (stats.bytes() == 0) {
      throw new UserError(
          "the text " + String.join(", ", source.names()) + " is empty; name another",
          Remedy.parameter("text"));
    }
    note.ifPresent(file -> remember(stats, file));
    return stats;
  }

  /** Without the note, the text is read again the next time: no reason to fail. */
  private static void remember(TextStats stats, Path file) {
    try {
      stats.write(file);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot write " + file, e);
    }
  }

  /** All that decides the content is in the name: the texts, their documents, tokenizer, split. */
  private Path folder(Path cache, TextStats stats, Optional<TextStats> validation) {
    String split = validation.map(TextStats::toString).orElse(holdout.toString());
    String key = Sha256.of(DataManifest.VERSION + "|" + stats + "|" + spec + "|" + split);
    return cache.resolve(spec.toString().replace(':', '-') + "-" + key.substring(0, 16));
  }

  private Dataset openLocked(Path folder, TextStats stats, Optional<TextStats> validation)
      throws IOException {
    if (Dataset.isComplete(folder)) {
      try {
        return Dataset.open(folder, sources());
      } catch (UserError damaged) {
        status.accept("preparing again, since " + damaged.getMessage());
        Files.delete(folder.resolve(Dataset.MANIFEST));
      }
    }
    deleteTemporaries(folder);
    Tokenizer tokenizer = spec.train(learned(), status);
    tokenizer.save(folder.resolve(Dataset.TOKENIZER));
    DataManifest manifest = encode(tokenizer, folder.resolve(Dataset.TOKENS), stats, validation);
    DataManifest.FORMAT.write(folder.resolve(Dataset.MANIFEST), manifest);
    return Dataset.open(folder, sources());
  }

  private List<String> sources() {
    List<String> sources = new ArrayList<>(text.names());
    validation().ifPresent(source -> sources.addAll(source.names()));
    return sources;
  }

  /** A tokenizer never learns from a document that is for validation. */
  private TextPieces learned() {
    return holdout instanceof Holdout.Documents documents
        ? text.pieces(document -> !documents.holds(document))
        : text.pieces();
  }

  /** Removes what a killed process left; whoever holds the lock is alone in the folder. */
  private static void deleteTemporaries(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".*.tmp")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  private DataManifest encode(
      Tokenizer tokenizer, Path file, TextStats stats, Optional<TextStats> validation)
      throws IOException {
    TextStats all = validation.map(stats::and).orElse(stats);
    status.accept("encoding " + all.bytes() + " bytes of text");
    TokenWriter writer = new TokenWriter(TokenFile.bytesPerToken(tokenizer.vocabularySize()));
    long[] trainTokens = new long[1];
    AtomicFiles.writeChannel(
        file,
        channel -> {
          writer.start(channel);
          trainTokens[0] = encode(new Encoder(tokenizer, writer), writer, stats, validation);
          writer.finish();
        });
    return new DataManifest(
        all.documents(),
        all.bytes(),
        all.sha256(),
        tokenizer.spec().toString(),
        Sha256.of(tokenizer.toJson()),
        tokenizer.vocabularySize(),
        writer.bytesPerToken(),
        writer.tokens(),
        trainTokens[0],
        writer.tokens() - trainTokens[0],
        writer.sha256());
  }

  /** Writes all tokens; returns how many of them, the first, are for training. */
  private long encode(
      Encoder encoder, TokenWriter writer, TextStats stats, Optional<TextStats> validation)
      throws IOException {
    return switch (holdout) {
      case Holdout.End(double training) -> {
        encoder.append(text, stats, _ -> true);
        yield (long) (writer.tokens() * training);
      }
      case Holdout.Documents documents -> {
        encoder.append(text, stats, document -> !documents.holds(document));
        long trainTokens = writer.tokens();
        encoder.append(text, stats, documents::holds);
        yield trainTokens;
      }
      case Holdout.Text(TextSource own) -> {
        encoder.append(text, stats, _ -> true);
        long trainTokens = writer.tokens();
        encoder.append(own, validation.orElseThrow(), _ -> true);
        yield trainTokens;
      }
    };
  }
}
