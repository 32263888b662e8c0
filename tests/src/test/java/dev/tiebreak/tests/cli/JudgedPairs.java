package dev.tiebreak.tests.cli;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A file of pairs that no study made. */
final class JudgedPairs {
  private JudgedPairs() {}

  /** Pairs of as many prompts; the left text is longer. */
  static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            """
            {"pair":"x%1$d","prompt":"p%1$d","prompt_text":"Tale %1$d","left":"a long tale","right":"a tale","left_id":"l%1$d","right_id":"r%1$d"}
            """
                .formatted(i))
        .collect(Collectors.joining());
  }
}
