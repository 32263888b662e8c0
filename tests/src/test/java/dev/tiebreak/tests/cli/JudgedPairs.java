package dev.tiebreak.tests.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A file of pairs that no study made. */
final class JudgedPairs {
  private static final String SIDE =
      """
      "seed":5,"temperature":0.8,"tokens":4,"ended":true,"truncated":false,"seq_rep_4":0,"distinct_1":1,"distinct_2":1,"loop":false\
      """
          .strip();

  private JudgedPairs() {}

  /** Pairs of as many prompts; the left text is longer. */
  static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            String.format(
                Locale.ROOT,
                """
                {"pair":"x%1$d","prompt":"p%1$d","prompt_text":"Tale %1$d","left":"a long tale","right":"a tale","left_id":"l%1$d","right_id":"r%1$d"}
                """,
                i))
        .collect(Collectors.joining());
  }

  /** Their key: in each pair the left text of the file is that of arm both, seed 5. */
  static String key(int count) {
    String header =
        String.format(
            Locale.ROOT,
            """
            {"salt":"%s","plan_sha256":"a","prompts_sha256":"b","pairs_sha256":"c"}
            """,
            "5a".repeat(32));
    return IntStream.range(0, count)
        .mapToObj(i ->
            String.format(
                Locale.ROOT,
                """
                {"pair":"x%1$d","comparison":"h1","prompt":"p%1$d","completion":0,"treatment":{"id":"l%1$d","side":"left","arm":"both",%2$s},"control":{"id":"r%1$d","side":"right","arm":"baseline",%2$s}}
                """,
                i,
                SIDE))
        .collect(Collectors.joining("", header, ""));
  }
}
