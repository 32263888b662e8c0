package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Names;
import java.util.Optional;

/** What a judge has to do with the study. Who made it may know whose text is whose. */
public enum JudgeRole {
  /** Nothing: whoever was asked to read. What is so where nobody says otherwise. */
  READER,
  /** Wrote the study, or has a stake in what it finds. */
  AUTHOR,
  /** Collects the judgments: has seen the key, or counts while judging went on. */
  OPERATOR,
  /** Is paid for judging. */
  PAID;

  /** Whether one has a hand in the study: the first analysis is without these. */
  public boolean isInvolved() {
    return this == AUTHOR || this == OPERATOR;
  }

  /** The role of a word, in capital or small letters. */
  public static Optional<JudgeRole> of(String word) {
    return Names.find(JudgeRole.class, word);
  }

  /** Its word in tables: {@code reader}, {@code author}, {@code operator}, {@code paid}. */
  @Override
  public String toString() {
    return Names.label(this);
  }
}
