package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [prompts]}: what the models continue.
 *
 * @param file JSON lines with {@code id}, {@code kind} and {@code text}, beside {@code study.toml}
 * @param overlapWords a prompt may not share so many words in a row with the training text
 */
public record PromptsPlan(String file, int overlapWords) {
  /** Checks every value. */
  public PromptsPlan {
    KeyCheck.that(!file.isBlank(), "prompts.file", file, "the name of a file");
    KeyCheck.atLeast(1, "prompts.overlap_words", overlapWords);
  }
}
