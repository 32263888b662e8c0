package dev.tiebreak.tests.golden;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.lab.config.Arms;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Token gains by the formulas of the catalogue of arms, with the numbers of a golden case. */
final class CatalogueGain {
  private static final Map<String, String> ARMS =
      Map.of("precision", "gain", "focal_loss", "focal-full", "constant", "constant-gain");

  private CatalogueGain() {}

  /** The arm whose gain a case is of. */
  static String arm(JsonNode json) {
    String kind = json.path("kind").asString("precision");
    return ARMS.getOrDefault(kind, kind.replace('_', '-'));
  }

  /** What makes the gain of an arm what it is. */
  static String formulas(String arm) {
    Map<String, JsonNode> overrides = Arms.get(arm).overrides();
    return overrides.get("gain.formula").asString()
        + "; "
        + overrides.get("gain.objective").asString()
        + "; "
        + overrides.get("gain.through").asString();
  }

  /** The gain of a case; what it does not name is off. */
  static TokenGain of(JsonNode json, Scope kept) {
    Map<String, JsonNode> overrides = Arms.get(arm(json)).overrides();
    JsonNode clamp = json.path("clamp");
    List<Double> ends =
        clamp.isMissingNode() || clamp.isNull()
            ? List.of()
            : IntStream.range(0, 2).mapToObj(i -> clamp.get(i).asDouble()).toList();
    GainSettings settings =
        new GainSettings(
            overrides.get("gain.formula").asString(),
            overrides.get("gain.objective").asString(),
            overrides.get("gain.through").asBoolean(),
            json.get("s").asDouble(),
            0,
            json.path("floor").asDouble(0),
            ends,
            json.path("renormalise").asBoolean(false),
            Window.MICRO,
            json.path("epsilon").asDouble(0),
            "");
    return new TokenGain(settings, kept, 1, null);
  }
}
