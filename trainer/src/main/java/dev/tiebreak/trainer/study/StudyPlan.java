package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.base.toml.KeyCheck;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code study.toml} says, resolved and checked: arms, seeds, what is compared, how texts are
 * drawn and judged, and how the answers will be analysed.
 *
 * @param question that it is to answer, in a sentence
 * @param arms in the order of the file
 * @param seeds in the order of the file; each is trained in every arm
 * @param comparisons what judges compare, in the order of the file
 * @param prompts what models continue
 * @param sampling how
 * @param judging who sees what
 * @param analysis what is computed
 * @param configs the resolved configuration of every run, in the order of {@link #runs}
 */
public record StudyPlan(
    String name,
    String question,
    List<Arm> arms,
    List<Long> seeds,
    List<Comparison> comparisons,
    PromptsPlan prompts,
    SamplingPlan sampling,
    JudgingPlan judging,
    AnalysisPlan analysis,
    Map<RunId, TrainConfig> configs) {
  /** Copies the collections. */
  public StudyPlan {
    arms = List.copyOf(arms);
    seeds = List.copyOf(seeds);
    comparisons = List.copyOf(comparisons);
    configs = new LinkedHashMap<>(configs); // keeps the order
  }

  /** What the file holds besides {@code [base]} and the tables of arms and comparisons. */
  public record Keys(
      String name,
      String question,
      List<String> arms,
      List<Long> seeds,
      PromptsPlan prompts,
      SamplingPlan sampling,
      JudgingPlan judging,
      AnalysisPlan analysis) {
    /** Checks the lists. */
    public Keys {
      KeyCheck.that(!name.isBlank(), "name", name, "a text that is not empty");
      different("arms", arms, "names of arms, at least one, each once");
      different("seeds", seeds, "whole numbers, at least one, each once");
    }

    private static void different(String key, List<?> list, String allowed) {
      boolean differ = !list.isEmpty() && new HashSet<>(list).size() == list.size();
      KeyCheck.that(differ, key, list, allowed);
    }
  }

  /**
   * Reads a plan.
   *
   * @throws UserError if it cannot be read or says something that is not allowed: the message names
   *     the key, the value and what is allowed
   */
  public static StudyPlan read(Path studyToml) {
    return new PlanReader(studyToml).read();
  }

  /**
   * All trainings, seed by seed, so that twins finish together: all arms of the first seed, then of
   * the second.
   */
  public List<RunId> runs() {
    return new ArrayList<>(configs.keySet());
  }

  /**
   * The run that a task of a job array trains.
   *
   * @param task its number, from 0, in the order of {@link #runs}
   */
  public RunId task(int task) {
    int runs = configs.size();
    Check.parameter(
        task >= 0 && task < runs,
        "task",
        task,
        Words.of("that of one of %d runs, numbered 0 to %d", runs, runs - 1));
    return runs().get(task);
  }

  /** What a run trains. */
  public TrainConfig config(RunId run) {
    TrainConfig config = configs.get(run);
    if (config == null) {
      throw new IllegalArgumentException("no run " + run + " in the study " + name);
    }
    return config;
  }

  /** What an arm trains with a seed. */
  public TrainConfig config(Arm arm, long seed) {
    return config(new RunId(arm.toString(), seed));
  }

  /** The comparison of this name, if there is one. */
  public Optional<Comparison> comparison(String wanted) {
    return comparisons.stream().filter(one -> one.name().equals(wanted)).findFirst();
  }

  /** The seed of the control where the treatment's is this one. */
  public long controlSeed(Comparison comparison, long seed) {
    return switch (comparison.controlSeed()) {
      case SAME -> seed;
      case NEXT -> seeds.get((seeds.indexOf(seed) + 1) % seeds.size());
    };
  }
}
