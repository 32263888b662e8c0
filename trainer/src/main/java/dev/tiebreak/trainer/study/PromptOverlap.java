package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.tokenizer.TextStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * WordReader of a prompt that the training text has too: a model may have learned by heart how they
 * go on, and then a study compares memories.
 *
 * <p>The rule: texts are put in lower case, and everything but letters and digits separates words.
 * A prompt overlaps where {@code words} of its words in a row, or all of it where it is shorter,
 * stand in the training text in the same order with no other word between them.
 *
 * @param words the words that stand in both, separated by single spaces
 */
public record PromptOverlap(Prompt prompt, String words) {
  private static final int MOST_NAMED = 5;

  /**
   * Searches the part of a text that is for training.
   *
   * @param words how many words in a row are too many, at least 1
   * @return at most one overlap per prompt, in the prompts' order
   */
  public static List<PromptOverlap> find(Prompts prompts, int words, Dataset data) {
    Search search = new Search(prompts, words);
    TextStream text = new TextStream(data.tokenizer());
    long end = data.manifest().trainTokens();
    for (long i = 0; i < end; i++) {
      search.read(text.add(data.tokens().token(i)));
    }
    search.read(text.finish());
    return search.found();
  }

  /**
   * Refuses prompts that overlap.
   *
   * @throws dev.tiebreak.trainer.base.UserError with the prompts' ids and the words, if there are
   *     any
   */
  static void requireNone(Prompts prompts, int words, Dataset data) {
    List<PromptOverlap> found = find(prompts, words, data);
    String some =
        found.stream()
            .limit(MOST_NAMED)
            .map(overlap -> Words.of("%s (\"%s\")", overlap.prompt.id(), overlap.words))
            .collect(Collectors.joining(", "));
    Check.user(
        found.isEmpty(),
        "%d of %d prompts share %d words in a row, or all their words, with the training text: %s%s; reword them, or a model may know them by heart",
        found.size(),
        prompts.all().size(),
        words,
        some,
        found.size() > MOST_NAMED ? ", and more" : "");
  }

  /** Searches one text, as above. */
  public static List<PromptOverlap> find(Prompts prompts, int words, String text) {
    Search search = new Search(prompts, words);
    search.read(text);
    return search.found();
  }

  /** The words of a text, by the rule above. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    WordReader reader = new WordReader(words::add);
    reader.read(text);
    reader.finish();
    return words;
  }

  /** Cuts text that comes in pieces into words. */
  private static final class WordReader {
    private final Consumer<String> sink;
    private final StringBuilder word = new StringBuilder();

    WordReader(Consumer<String> sink) {
      this.sink = sink;
    }

    void read(String piece) {
      for (int i = 0; i < piece.length(); ) {
        int character = piece.codePointAt(i);
        i += Character.charCount(character);
        if (Character.isLetterOrDigit(character)) {
          word.appendCodePoint(Character.toLowerCase(character));
        } else {
          finish();
        }
      }
    }

    void finish() {
      if (!word.isEmpty()) {
        sink.accept(word.toString());
        word.setLength(0);
      }
    }
  }

  /** Reads a text once, and keeps no more of it than the last words. */
  private static final class Search {
    private final Prompts prompts;
    private final Map<String, List<Prompt>> runs = new HashMap<>();
    private final TreeSet<Integer> lengths = new TreeSet<>(); // of the runs, in words
    private final Set<String> vocabulary = new HashSet<>();
    private final Map<Prompt, String> found = new HashMap<>();
    private final Deque<String> last = new ArrayDeque<>();
    private final WordReader reader = new WordReader(this::word);

    Search(Prompts prompts, int count) {
      Check.argument(count > 0, "runs of %d words", count);
      this.prompts = prompts;
      for (Prompt prompt : prompts.all()) {
        List<String> words = words(prompt.text());
        int length = Math.min(count, words.size());
        for (int from = 0; length > 0 && from + length <= words.size(); from++) {
          String run = String.join(" ", words.subList(from, from + length));
          runs.computeIfAbsent(run, _ -> new ArrayList<>()).add(prompt);
        }
        if (length > 0) {
          lengths.add(length);
        }
        vocabulary.addAll(words);
      }
    }

    void read(String piece) {
      reader.read(piece);
    }

    private void word(String word) {
      if (!vocabulary.contains(word)) { // as nearly all: so runs are seldom put together
        last.clear();
        return;
      }
      last.addLast(word);
      if (last.size() > lengths.last()) {
        last.removeFirst();
      }
      for (int length : lengths) {
        if (length <= last.size()) {
          String run = String.join(" ", last.stream().skip(last.size() - length).toList());
          runs.getOrDefault(run, List.of()).forEach(prompt -> found.putIfAbsent(prompt, run));
        }
      }
    }

    List<PromptOverlap> found() {
      reader.finish();
      return prompts.all().stream()
          .filter(found::containsKey)
          .map(prompt -> new PromptOverlap(prompt, found.get(prompt)))
          .toList();
    }
  }
}
