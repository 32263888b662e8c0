package dev.tiebreak.trainer.ballot.pairs;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.tiebreak.trainer.base.JsonLines;
import java.util.Optional;

/**
 * A line of {@code key.jsonl}: the first is its {@link Header}, each further a {@link KeyEntry}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(KeyLine.Header.class), @JsonSubTypes.Type(KeyEntry.class)})
sealed interface KeyLine permits KeyLine.Header, KeyEntry {
  JsonLines<KeyLine> FORMAT =
      JsonLines.of(
          KeyLine.class,
          "the key",
          "restore it from a copy, without it the judgments mean nothing");

  /**
   * What the key belongs to; a key that is only begun holds the salt alone.
   *
   * @param salt that ids, sides and order were drawn from, in hexadecimal
   * @param planSha256 of {@code study.toml}
   * @param promptsSha256 of the prompts' file
   * @param pairsSha256 of {@code pairs.jsonl}
   */
  record Header(
      String salt,
      Optional<String> planSha256,
      Optional<String> promptsSha256,
      Optional<String> pairsSha256)
      implements KeyLine {
    boolean isComplete() {
      return planSha256.isPresent() && promptsSha256.isPresent() && pairsSha256.isPresent();
    }
  }
}
