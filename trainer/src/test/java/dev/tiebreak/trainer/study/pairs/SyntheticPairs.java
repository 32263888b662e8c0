package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.tensor.Philox;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.ballot.protocol.ControlSeed;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.study.Prompt;
import dev.tiebreak.trainer.study.Prompts;
import java.util.ArrayList;
import java.util.List;

/** A large study whose texts say nothing: random words, and random numbers of them. */
final class SyntheticPairs {
  static final Salt SALT = Salt.parse("5a".repeat(32), "a test");
  static final List<String> ARMS = List.of("baseline", "both", "gain", "divergence");
  static final int SEEDS = 4;
  static final int COMPLETIONS = 2;

  private static final List<Prompt> PROMPTS = Prompts.builtIn().all();
  private static final String[] WORDS = {
    "river", "stone", "lamp", "seven", "quiet", "blue", "walk"
  };

  private SyntheticPairs() {}

  /** Two comparisons that have no arm in common: 2 x 4 seeds x 64 prompts x 2 completions. */
  static List<TextPair> study() {
    List<TextPair> pairs = new ArrayList<>(comparison("h1", "both", "baseline"));
    pairs.addAll(comparison("h2", "divergence", "gain"));
    return pairs;
  }

  static List<TextPair> comparison(String name, String treatment, String control) {
    Comparison comparison =
        new Comparison(name, treatment, control, ControlTemperature.SAME, ControlSeed.SAME);
    List<TextPair> pairs = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      for (int prompt = 0; prompt < PROMPTS.size(); prompt++) {
        for (int sample = 0; sample < COMPLETIONS; sample++) {
          pairs.add(
              new TextPair(
                  comparison,
                  PROMPTS.get(prompt),
                  completion(treatment, seed, prompt, sample),
                  completion(control, seed, prompt, sample)));
        }
      }
    }
    return pairs;
  }

  static Completion completion(String arm, int seed, int prompt, int sample) {
    CompletionRequest request = new CompletionRequest(new RunId(arm, seed), 0.8, prompt, sample);
    return completion(request, randomText(ARMS.indexOf(arm), seed, prompt, sample));
  }

  private static Completion completion(CompletionRequest request, String text) {
    return new Completion(
        request.run(),
        request.temperature(),
        PROMPTS.get(request.prompt()).id(),
        request.sample(),
        text,
        TextStatistics.of(new int[9], false),
        Sha256.of(request + text));
  }

  /** The number of a pair's prompt. */
  static int number(TextPair pair) {
    return PROMPTS.indexOf(pair.prompt());
  }

  /** Another text in place of one of a pair. */
  static Completion instead(TextPair pair, Completion completion, String text) {
    return new Completion(
        completion.run(),
        completion.temperature(),
        pair.prompt().id(),
        completion.completion(),
        text,
        completion.statistics(),
        Sha256.of(completion.fingerprint() + text));
  }

  private static String randomText(int arm, int seed, int prompt, int sample) {
    Philox random = new Philox(1000L * arm + seed, 99);
    long at = 1000L * prompt + 100L * sample;
    int words = 5 + random.below(at, 60);
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= words; i++) {
      text.append(' ').append(WORDS[random.below(at + i, WORDS.length)]);
    }
    return text.toString();
  }
}
