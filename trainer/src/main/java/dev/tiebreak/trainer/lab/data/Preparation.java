package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the folder of a {@link Dataset}. The text is read twice or three times, never kept: to hash
 * it, for tokenizers that learn to train, and to encode it.
 */
record Preparation(
    TextSource text, TokenizerSpec spec, double trainFraction, Consumer<String> status) {
  /** Folder in the cache: what is known of texts, by the hashes of their fingerprints. */
  private static final String TEXTS = "texts";

  private static final Logger LOG = System.getLogger(Preparation.class.getName());

  /** Hashes and measures a text while it is read. */
  private static final class Meter implements TextSource.Sink {
    private final MessageDigest digest = Sha256.digest();
    private long documents;
    private long bytes;

    @Override
    public void document(String name) {
      if (documents > 0) {
        digest.update((byte) 0);
      }
      documents++;
    }

    @Override
    public void text(String piece) {
      byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
      digest.update(utf8);
      bytes += utf8.length;
    }

    TextStats stats() {
      return new TextStats(documents, bytes, Sha256.hex(digest));
    }
  }

  /**
   * Opens the data's folder below {@code cache} and fills it first if it is not whole. A text with
   * a fingerprint is not read where it was prepared before.
   */
  Dataset openIn(Path cache) {
    Optional<Path> note =
        text.fingerprint().map(print -> cache.resolve(TEXTS).resolve(Sha256.of(print)));
    Optional<TextStats> noted =
        note.flatMap(TextStats::read).filter(stats -> Dataset.isComplete(folder(cache, stats)));
    if (noted.isPresent()) {
      return openIn(cache, noted.get());
    }
    TextStats stats = measured();
    Dataset data = openIn(cache, stats);
    note.ifPresent(file -> remember(stats, file));
    return data;
  }

  /** Without the note, the text is read again the next time: no reason to fail. */
  private static void remember(TextStats stats, Path file) {
    try {
      stats.write(file);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot write " + file, e);
    }
  }

  private TextStats measured() {
    Meter meter = new Meter();
    text.read(meter);
    TextStats stats = meter.stats();
    if (stats.bytes() == 0) {
      throw new UserError(
          "the text " + String.join(", ", text.names()) + " is empty; name another",
          Remedy.parameter("text"));
    }
    return stats;
  }

  private Path folder(Path cache, TextStats stats) {
    String key =
        Sha256.of(
            String.join(
                "|",
                "" + DataManifest.VERSION,
                stats.sha256(),
                spec.toString(),
                Double.toString(trainFraction)));
    return cache.resolve(spec.toString().replace(':', '-') + "-" + key.substring(0, 16));
  }

  private Dataset openIn(Path cache, TextStats stats) {
    Path folder = folder(cache, stats);
    try {
      Files.createDirectories(folder);
      try (LockFile _ = LockFile.take(folder.resolve(".lock"))) {
        return openLocked(folder, stats);
      }
    } catch (IOException e) {
      String message = UserError.io("prepare data in", folder, e).getMessage();
      throw new UserError(message + "; or choose another cache", e, Remedy.parameter("cache"));
    }
  }

  private Dataset openLocked(Path folder, TextStats stats) throws IOException {
    if (Dataset.isComplete(folder)) {
      try {
        return Dataset.open(folder);
      } catch (UserError damaged) {
        status.accept("preparing again, since " + damaged.getMessage());
        Files.delete(folder.resolve(Dataset.MANIFEST));
      }
    }
    deleteTemporaries(folder);
    Tokenizer tokenizer = spec.train(text.pieces(), status);
    tokenizer.save(folder.resolve(Dataset.TOKENIZER));
    DataManifest manifest = encode(tokenizer, folder.resolve(Dataset.TOKENS), stats);
    DataManifest.FORMAT.write(folder.resolve(Dataset.MANIFEST), manifest);
    return Dataset.open(folder);
  }

  /** Removes what a killed process left; whoever holds the lock is alone in the folder. */
  private static void deleteTemporaries(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".*.tmp")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  private DataManifest encode(Tokenizer tokenizer, Path file, TextStats stats) throws IOException {
    status.accept("encoding " + stats.bytes() + " bytes of text");
    TokenWriter writer = new TokenWriter(TokenFile.bytesPerToken(tokenizer.vocabularySize()));
    AtomicFiles.writeChannel(
        file,
        channel -> {
          writer.start(channel);
          encode(tokenizer, writer, stats);
          writer.finish();
        });
    long trainTokens = (long) (writer.tokens() * trainFraction);
    return new DataManifest(
        text.names(),
        stats.documents(),
        stats.bytes(),
        stats.sha256(),
        tokenizer.spec().toString(),
        Sha256.of(tokenizer.toJson()),
        tokenizer.vocabularySize(),
        writer.bytesPerToken(),
        writer.tokens(),
        trainTokens,
        writer.tokens() - trainTokens,
        writer.sha256());
  }

  private void encode(Tokenizer tokenizer, TokenWriter writer, TextStats expected)
      throws IOException {
    int[] separator =
        tokenizer.endOfText().isPresent()
            ? new int[] {tokenizer.endOfText().getAsInt()}
            : expected.documents() > 1 ? tokenizer.encode(TextSource.SEPARATOR) : new int[0];
    Meter meter = new Meter();
    try {
      text.read(
          new TextSource.Sink() {
            @Override
            public void document(String name) {
              if (meter.documents > 0) {
                write(separator);
              }
              meter.document(name);
            }

            @Override
            public void text(String piece) {
              meter.text(piece);
              write(tokenizer.encode(piece));
            }

            private void write(int[] ids) {
              try {
                writer.write(ids);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (!meter.stats().equals(expected)) {
      throw new UserError("the text changed while it was read; start again when it is complete");
    }
  }
}
