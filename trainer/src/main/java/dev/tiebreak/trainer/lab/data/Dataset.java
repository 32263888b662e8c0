package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Prepared data: a folder with {@code tokens.bin}, {@code tokenizer.json} and {@code
 * manifest.json}, open for reading. The manifest is written last, so a folder that has one is
 * whole.
 *
 * @param folder where it is
 * @param sources what the text was made of, as whoever opened it named it
 * @param manifest what the data is, with hashes
 * @param tokenizer that the text was encoded with
 * @param tokens all of them: the first {@code trainTokens} are for training, the rest for
 *     validation
 */
public record Dataset(
    Path folder, List<String> sources, DataManifest manifest, Tokenizer tokenizer, TokenFile tokens)
    implements AutoCloseable {
  static final String TOKENS = "tokens.bin";
  static final String TOKENIZER = "tokenizer.json";
  static final String MANIFEST = "manifest.json";

  /**
   * Encodes a text, or finds it encoded already.
   *
   * <p>Every combination of text, tokenizer and split has a folder of its own below {@code cache},
   * named by their hash. Several processes may prepare at once, and one that is killed leaves
   * nothing that harms the next.
   *
   * @param text what to encode
   * @param spec the tokenizer to train and use
   * @param holdout which part is for validation
   * @param cache folder for prepared data; created if missing
   * @param status told in a few words what is being done, if there is anything to do
   * @throws UserError if the text is empty or unreadable, or the folder cannot be written
   */
  public static Dataset prepare(
      TextSource text, TokenizerSpec spec, Holdout holdout, Path cache, Consumer<String> status) {
    return new Preparation(text, spec, holdout, status).openIn(cache);
  }

  /**
   * Opens a folder that {@link #prepare} made.
   *
   * @param sources what the text was made of, as its user names it
   * @throws UserError if something is missing, or is not what the manifest says
   */
  static Dataset open(Path folder, List<String> sources) {
    DataManifest manifest = DataManifest.FORMAT.read(folder.resolve(MANIFEST));
    check(folder.resolve(TOKENIZER), manifest.tokenizerSha256());
    check(folder.resolve(TOKENS), manifest.tokensSha256());
    Tokenizer tokenizer = Tokenizer.load(folder.resolve(TOKENIZER));
    TokenFile tokens =
        TokenFile.open(folder.resolve(TOKENS), manifest.tokens(), manifest.bytesPerToken());
    return new Dataset(folder, List.copyOf(sources), manifest, tokenizer, tokens);
  }

  private static void check(Path file, String sha256) {
    Check.user(
        Sha256.of(file).equals(sha256),
        "%s is not the file its manifest describes; delete its folder to prepare it again",
        file);
  }

  /** Whether a folder was prepared to the end. */
  static boolean isComplete(Path folder) {
    return Files.exists(folder.resolve(MANIFEST));
  }

  /** Closes the token file. Closing twice does nothing. */
  @Override
  public void close() {
    tokens.close();
  }
}
