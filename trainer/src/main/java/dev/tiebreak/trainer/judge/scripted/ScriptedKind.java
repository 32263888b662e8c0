package dev.tiebreak.trainer.judge.scripted;

import java.util.Locale;

/** The rule of a scripted judge. */
public enum ScriptedKind {
  /** Tosses a coin: whatever comes of it is chance. */
  COIN,
  /** Takes the left text nineteen times in twenty: the rules for exclusion must find it. */
  POSITION_BIASED,
  /** Takes the text that repeats fewer of its groups of four words; a coin where they are equal. */
  REPETITION_AVERSE,
  /** Takes the text of more characters; a coin where they are equal. */
  LENGTH_LOVING,
  /** Takes the treatment's text with a given probability; needs the key. */
  ORACLE;

  /** Its word on the command line, such as {@code position-biased}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
