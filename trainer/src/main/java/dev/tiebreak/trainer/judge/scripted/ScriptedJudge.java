package dev.tiebreak.trainer.judge.scripted;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One judge that follows a rule. Draws as many random numbers for each pair as for any other. */
final class ScriptedJudge {
  private static final double LEFT_BIAS = 0.95;

  private final ScriptedSettings settings;
  private final Map<String, KeyEntry> key; // by pair; what an oracle knows
  private final RandomGenerator random;

  ScriptedJudge(ScriptedSettings settings, Map<String, KeyEntry> key, RandomGenerator random) {
    this.settings = settings;
    this.key = key;
    this.random = random;
  }

  /**
   * What it says.
   *
   * @param shown with sides as this judge sees them
   */
  Choice choose(JudgedPair shown) {
    boolean isTie = random.nextDouble() < settings.ties();
    double draw = random.nextDouble();
    boolean left =
        switch (settings.kind()) {
          case COIN -> draw < 0.5;
          case POSITION_BIASED -> draw < LEFT_BIAS;
          case REPETITION_AVERSE ->
              draw < likes(repetition(shown.right()), repetition(shown.left()));
          case LENGTH_LOVING -> draw < likes(shown.left().length(), shown.right().length());
          case ORACLE -> draw < oracle(shown);
        };
    if (isTie) {
      return Choice.SAME;
    }
    return left ? Choice.LEFT : Choice.RIGHT;
  }

  /** How probably left is taken where the larger number wins. */
  private static double likes(double left, double right) {
    return left == right ? 0.5 : left > right ? 1 : 0;
  }

  private double oracle(JudgedPair shown) {
    KeyEntry entry = key.get(shown.pair());
    if (entry.treatment().run().arm().equals(entry.control().run().arm())) {
      return 0.5; // nothing is to be preferred
    }
    boolean treatmentLeft = entry.treatment().isText(shown.leftId());
    return treatmentLeft ? settings.preference() : 1 - settings.preference();
  }

  /** seq-rep-4 over words. */
  private static double repetition(String text) {
    Map<String, Integer> ids = new HashMap<>();
    int[] words =
        text.isBlank()
            ? new int[0]
            : Arrays.stream(text.strip().split("\\s+"))
                .mapToInt(word -> ids.computeIfAbsent(word, _ -> ids.size()))
                .toArray();
    return TextStatistics.of(words, false).repetition();
  }
}
