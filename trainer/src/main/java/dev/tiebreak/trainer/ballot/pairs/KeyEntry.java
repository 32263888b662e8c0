package dev.tiebreak.trainer.ballot.pairs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tiebreak.trainer.base.Names;
import java.util.Optional;

/**
 * A line of the key: whose texts a pair shows.
 *
 * @param pair its id
 * @param comparison its comparison's name
 * @param prompt id of the prompt
 * @param completion which completion of the prompt, from 0; the same number on both sides, and so
 *     the same random numbers
 * @param ruled the rule that made it a tie; then no judge sees it
 * @param treatment the one text
 * @param control the other
 */
public record KeyEntry(
    String pair,
    String comparison,
    String prompt,
    int completion,
    Optional<Rule> ruled,
    Side treatment,
    Side control)
    implements KeyLine {
  /** Why a pair is a tie without being judged. */
  public enum Rule {
    /** One of the texts, or both, holds nothing but white space. */
    EMPTY,
    /** The texts are equal to the last character. */
    IDENTICAL;

    @Override
    public String toString() {
      return Names.label(this);
    }
  }

  /** Where a text stands. */
  public enum Place {
    LEFT,
    RIGHT;

    @Override
    public String toString() {
      return Names.label(this);
    }
  }

  /**
   * One text of a pair.
   *
   * @param id in the judges' file; empty if no judge sees it
   * @param side where it stands there
   * @param run the model that wrote it
   * @param temperature it was sampled at
   * @param statistics of the text
   */
  public record Side(
      Optional<String> id,
      Optional<Place> side,
      @JsonUnwrapped RunId run,
      double temperature,
      @JsonUnwrapped TextStatistics statistics) {

    /** Whether judges see it by this id. */
    public boolean isText(String shown) {
      return id.equals(Optional.of(shown));
    }

    /** Whether judges see it, and it stands left. */
    public boolean left() {
      return side.equals(Optional.of(Place.LEFT));
    }
  }
}
