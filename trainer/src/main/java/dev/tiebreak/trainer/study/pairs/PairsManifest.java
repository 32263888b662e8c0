package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code pairs-manifest.json}: the hashes that pin pairs and key down before anybody judges. It may
 * be published, since the key's salt keeps its hash from saying anything; it is not for judges.
 *
 * @param planHash of {@code study.toml}
 * @param promptsHash of the prompts' file
 * @param pairsHash of {@code pairs.jsonl}
 * @param keyHash of {@code key.jsonl}
 * @param comparisons how many pairs each comparison has, by its name
 * @param weights hashes of the models' weights
 */
public record PairsManifest(
    String planHash,
    String promptsHash,
    String pairsHash,
    String keyHash,
    Map<String, Counts> comparisons,
    Map<RunId, String> weights) {
  /** Copies the maps, in their order. */
  public PairsManifest {
    comparisons = new LinkedHashMap<>(comparisons);
    weights = new LinkedHashMap<>(weights);
  }

  /**
   * Pairs of one comparison.
   *
   * @param shown to judges
   * @param empty ties since a text is empty
   * @param identical ties since the texts are equal
   */
  public record Counts(int shown, int empty, int identical) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(KeyEntry entry) {
      boolean isEmpty = entry.ruled().filter(KeyEntry.Rule.EMPTY::equals).isPresent();
      boolean isIdentical = entry.ruled().filter(KeyEntry.Rule.IDENTICAL::equals).isPresent();
      return new Counts(
          shown + (entry.ruled().isEmpty() ? 1 : 0),
          empty + (isEmpty ? 1 : 0),
          identical + (isIdentical ? 1 : 0));
    }
  }

  /** The JSON form: indented, ending in a newline. */
  public String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("plan_sha256", planHash);
    json.put("prompts_sha256", promptsHash);
    json.put("pairs_sha256", pairsHash);
    json.put("key_sha256", keyHash);
    ObjectNode counts = json.putObject("comparisons");
    comparisons.forEach((name, count) ->
        counts
            .putObject(name)
            .put("shown", count.shown())
            .put("tie_empty", count.empty())
            .put("tie_identical", count.identical()));
    ObjectNode hashes = json.putObject("weights_sha256");
    weights.forEach((run, hash) -> hashes.put(run.toString(), hash));
    return json.toPrettyString() + "\n";
  }
}
