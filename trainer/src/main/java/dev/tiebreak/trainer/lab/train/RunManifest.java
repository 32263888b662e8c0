package dev.tiebreak.trainer.lab.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.DataManifest;
import dev.tiebreak.trainer.lab.data.Dataset;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code manifest.json}: what a run started from, so that two runs can prove what they share. All
 * hashes are SHA-256.
 *
 * @param arm which shapings of the training signal are on
 * @param seed of initial weights, data order and dropout
 * @param configHash of {@code config.toml}
 * @param initialWeightsHash of the bytes of all weights before the first step
 * @param dataOrderHash of the places in the text that the run's sequences begin at, in order
 * @param started when, as an ISO-8601 instant
 */
public record RunManifest(
    String arm,
    long seed,
    long parameters,
    @JsonProperty("config_sha256") String configHash,
    @JsonProperty("initial_weights_sha256") String initialWeightsHash,
    @JsonProperty("data_order_sha256") String dataOrderHash,
    Data data,
    CodeVersion code,
    Machine machine,
    String started) {
  public static final Artifact<RunManifest> FORMAT =
      Artifact.of(RunManifest.class, "the run's manifest", "train again")
          .version("tiebreak-run", 1);

  /** The text and its tokens: what concerns a run of {@link DataManifest}. */
  public record Data(
      List<String> sources,
      @JsonProperty("text_sha256") String textHash,
      long textBytes,
      String tokenizer,
      @JsonProperty("tokenizer_sha256") String tokenizerHash,
      int vocabulary,
      @JsonProperty("tokens_sha256") String tokensHash,
      long trainTokens,
      long validationTokens) {

    public Data {
      sources = List.copyOf(sources);
    }

    /** What a run on prepared data has to say of it. */
    public static Data of(Dataset dataset) {
      DataManifest data = dataset.manifest();
      return new Data(
          dataset.sources(),
          data.textSha256(),
          data.textBytes(),
          data.tokenizer(),
          data.tokenizerSha256(),
          data.vocabulary(),
          data.tokensSha256(),
          data.trainTokens(),
          data.validationTokens());
    }
  }

  /**
   * Where a run was computed; on another machine the bytes may differ.
   *
   * @param backend the device and the libraries in use
   * @param threads threads that computed
   * @param java the Java runtime
   * @param system operating system and processor architecture
   */
  public record Machine(String backend, int threads, String java, String system) {
    static Machine of(Backend backend, int threads) {
      return new Machine(
          backend.name() + ": " + backend.description(),
          threads,
          System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
          System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
  }

  /** Reads the file; throws {@link UserError} if it is missing or damaged. */
  public static RunManifest load(Path file) {
    return FORMAT.read(file);
  }

  /**
   * Checks that this run is the one that {@code begun} describes, so that it can go on.
   *
   * @throws UserError if configuration, data or initial weights are others
   */
  void requireSameRun(RunManifest begun, Path folder) {
    requireSame("configuration", configHash, begun.configHash, folder);
    requireSame("text", data.textHash, begun.data.textHash, folder);
    requireSame("tokens", data.tokensHash, begun.data.tokensHash, folder);
    requireSame("order of the data", dataOrderHash, begun.dataOrderHash, folder);
    requireSame("initial weights", initialWeightsHash, begun.initialWeightsHash, folder);
  }

  private static void requireSame(String what, String now, String then, Path folder) {
    if (!now.equals(then)) {
      throw new UserError(
          Words.of(
              "cannot resume %s: its %s (SHA-256 %.8s...) is no longer the same (%.8s...); restore it, go on with the version that began it, or train anew, over it or in another folder",
              folder, what, then, now),
          Remedy.parameter("overwrite"),
          Remedy.parameter("run"));
    }
  }
}
