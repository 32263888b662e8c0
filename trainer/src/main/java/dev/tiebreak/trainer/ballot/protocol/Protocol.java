package dev.tiebreak.trainer.ballot.protocol;

import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.toml.Toml;
import dev.tiebreak.trainer.base.toml.TomlLayers;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How votes are collected and analysed.
 *
 * @param judging who sees what
 * @param analysis what is computed
 */
public record Protocol(JudgingPlan judging, AnalysisPlan analysis) {
  private static final String DEFAULTS = "protocol.toml";

  /** What holds where nobody says otherwise, as TOML: the sections of both. */
  public static JsonNode defaults() {
    return Toml.parse(Resources.text(Protocol.class, DEFAULTS), DEFAULTS);
  }

  /** What holds where nobody says otherwise. */
  public static Protocol usual() {
    return TomlLayers.of(Protocol.class, "", List.of())
        .add(defaults(), Set.of(), DEFAULTS)
        .bind(DEFAULTS);
  }
}
