package dev.tiebreak.trainer.ballot.pairs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code pairs-manifest.json}: the hashes that pin pairs and key down before anybody judges. It may
 * be published, since the key's salt keeps its hash from saying anything; it is not for judges.
 *
 * @param planHash of {@code study.toml}
 * @param promptsHash of the prompts' file
 * @param pairsHash of {@code pairs.jsonl}
 * @param keyHash of {@code key.jsonl}
 * @param comparisons how many pairs each comparison has, by its name
 * @param weights hashes of the models' weights, by the runs' names
 */
public record PairsManifest(
    @JsonProperty("plan_sha256") String planHash,
    @JsonProperty("prompts_sha256") String promptsHash,
    @JsonProperty("pairs_sha256") String pairsHash,
    @JsonProperty("key_sha256") String keyHash,
    Map<String, Counts> comparisons,
    @JsonProperty("weights_sha256") Map<String, String> weights) {
  /** Its name, beside the key and the pairs. */
  public static final String NAME = "pairs-manifest.json";

  public static final Artifact<PairsManifest> FORMAT =
      Artifact.of(
          PairsManifest.class,
          "the manifest of the pairs",
          "restore it from a copy, or make the pairs again",
          Remedy.step(Remedy.Kind.PAIRS));

  /** Copies the maps, in their order. */
  public PairsManifest {
    comparisons = new LinkedHashMap<>(comparisons);
    weights = new LinkedHashMap<>(weights);
  }

  /** The manifest of pairs that are judged with this key. */
  public static PairsManifest of(PairKey key, Map<RunId, String> weights) {
    Map<String, Counts> counts = new LinkedHashMap<>();
    for (KeyEntry entry : key.entries()) {
      Counts before = counts.getOrDefault(entry.comparison(), Counts.NONE);
      counts.put(entry.comparison(), before.plus(entry));
    }
    Map<String, String> names = new LinkedHashMap<>();
    weights.forEach((run, hash) -> names.put(run.toString(), hash));
    return new PairsManifest(
        key.planHash(), key.promptsHash(), key.pairsHash(), Sha256.of(key.text()), counts, names);
  }

  /**
   * Reads a key that says whose text is whose.
   *
   * @param manifest that pins it and the pairs; where there is none, nothing does
   * @param pairs that it is about; they need not be here
   * @throws dev.tiebreak.trainer.base.UserError if one of them is not what was pinned
   */
  public static PairKey readPinned(Path key, Path manifest, Path pairs) {
    if (Files.exists(manifest)) {
      PairsManifest pinned = FORMAT.read(manifest);
      require(key, pinned.keyHash, manifest);
      if (Files.exists(pairs)) {
        require(pairs, pinned.pairsHash, manifest);
      }
    }
    return PairKey.read(key);
  }

  private static void require(Path file, String hash, Path manifest) {
    Check.user(
        Sha256.of(file).equals(hash),
        "%s is not what %s pins down (SHA-256 %.12s...): restore it from a copy; votes on it as it is say nothing",
        file,
        manifest,
        hash);
  }

  /** Pairs of one comparison. */
  public record Counts(
      int shown,
      @JsonProperty("tie_empty") int empty,
      @JsonProperty("tie_identical") int identical) {
    private static final Counts NONE = new Counts(0, 0, 0);

    private Counts plus(KeyEntry entry) {
      boolean isEmpty = entry.ruled().filter(KeyEntry.Rule.EMPTY::equals).isPresent();
      boolean isIdentical = entry.ruled().filter(KeyEntry.Rule.IDENTICAL::equals).isPresent();
      return new Counts(
          shown + (entry.ruled().isEmpty() ? 1 : 0),
          empty + (isEmpty ? 1 : 0),
          identical + (isIdentical ? 1 : 0));
    }
  }
}
