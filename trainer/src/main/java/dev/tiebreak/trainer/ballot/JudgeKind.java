package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Names;
import java.util.Optional;

/** What a judge is; kinds are never pooled. */
public enum JudgeKind {
  /** A person. */
  HUMAN,
  /** A language model that was asked. */
  MODEL,
  /** A rule of this program, for tests of the pipeline and studies of power. */
  SCRIPTED;

  /** The kind of a word, in capital or small letters. */
  public static Optional<JudgeKind> of(String word) {
    return Names.find(JudgeKind.class, word);
  }

  /** Its word in tables: {@code human}, {@code model}, {@code scripted}. */
  public String label() {
    return Names.label(this);
  }
}
