package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.base.toml.Check;
import java.util.HashSet;
import java.util.List;

/**
 * What {@code study.toml} holds besides {@code [base]}, {@code [arm.NAME]} and {@code
 * [comparison.NAME]}.
 *
 * @param name of the study
 * @param question that it is to answer, in a sentence
 * @param arms names of arms, of the catalogue or of this file
 * @param seeds each is trained in every arm
 * @param prompts what models continue
 * @param sampling how
 * @param judging who sees what
 * @param analysis what is computed
 */
public record StudyKeys(
    String name,
    String question,
    List<String> arms,
    List<Long> seeds,
    PromptsPlan prompts,
    SamplingPlan sampling,
    JudgingPlan judging,
    AnalysisPlan analysis) {
  /** Checks the lists. */
  public StudyKeys {
    Check.that(!name.isBlank(), "name", name, "a text that is not empty");
    different("arms", arms, "names of arms, at least one, each once");
    different("seeds", seeds, "whole numbers, at least one, each once");
  }

  private static void different(String key, List<?> list, String allowed) {
    Check.that(!list.isEmpty() && new HashSet<>(list).size() == list.size(), key, list, allowed);
  }
}
