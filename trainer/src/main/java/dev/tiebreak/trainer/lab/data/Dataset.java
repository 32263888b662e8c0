package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Prepared data: a folder with {@code tokens.bin}, {@code tokenizer.json} and {@code
 * manifest.json}, open for reading. The manifest is written last, so a folder that has one is
 * whole.
 *
 * @param folder where it is
 * @param manifest what the data is, with hashes
 * @param tokenizer that the text was encoded with
 * @param tokens all of them: the first {@code trainTokens} are for training, the rest for
 *     validation
 */
public record Dataset(Path folder, DataManifest manifest, Tokenizer tokenizer, TokenFile tokens)
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
   * @param trainFraction share of the tokens that is for training, above 0 and below 1
   * @param cache folder for prepared data; created if missing
   * @param status told in a few words what is being done, if there is anything to do
   * @throws UserError if the text is empty or unreadable, or the folder cannot be written
   */
  public static Dataset prepare(
      TextSource text,
      TokenizerSpec spec,
      double trainFraction,
      Path cache,
      Consumer<String> status) {
    Check.user(
        trainFraction > 0 && trainFraction < 1,
        "the share of the text for training is %s; it must be between 0 and 1",
        trainFraction);
    return new Preparation(text, spec, trainFraction, status).openIn(cache);
  }

  /**
   * Opens a folder that {@link #prepare} made.
   *
   * @throws UserError if something is missing, or is not what the manifest says
   */
  public static Dataset open(Path folder) {
    DataManifest manifest = DataManifest.FORMAT.read(folder.resolve(MANIFEST));
    check(folder.resolve(TOKENIZER), manifest.tokenizerSha256());
    check(folder.resolve(TOKENS), manifest.tokensSha256());
    Tokenizer tokenizer = Tokenizer.load(folder.resolve(TOKENIZER));
    TokenFile tokens =
        TokenFile.open(folder.resolve(TOKENS), manifest.tokens(), manifest.bytesPerToken());
    return new Dataset(folder, manifest, tokenizer, tokens);
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
