package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Check;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What prepared data is, so that two runs can prove that they read the same. All hashes are SHA-256
 * in hexadecimal.
 *
 * @param documents how many texts that was
 * @param textBytes size of the text in bytes of UTF-8
 * @param textSha256 hash of the text: of its bytes where it is one document
 * @param tokenizer the tokenizer as a user writes it, such as {@code bpe:4096}
 * @param bytesPerToken 2 or 4: little-endian unsigned integers in the token file
 * @param trainTokens how many of them, from the first, are for training
 * @param validationTokens how many, the rest, are for validation
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record DataManifest(
    long documents,
    long textBytes,
    String textSha256,
    String tokenizer,
    String tokenizerSha256,
    int vocabulary,
    int bytesPerToken,
    long tokens,
    long trainTokens,
    long validationTokens,
    String tokensSha256) {

  /** Version of the manifest and of the files that it describes. */
  public static final int VERSION = 2;

  public static final Artifact<DataManifest> FORMAT =
      Artifact.of(DataManifest.class, "the data manifest", "delete its folder to prepare it again")
          .version("tiebreak-data", VERSION);

  public DataManifest {
    Check.argument(
        bytesPerToken == Short.BYTES || bytesPerToken == Integer.BYTES,
        "bytes per token must be 2 or 4, got %d",
        bytesPerToken);
    Check.argument(
        trainTokens >= 0 && validationTokens >= 0 && trainTokens + validationTokens == tokens,
        "training and validation tokens do not add up");
  }
}
