package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tables of votes, and what R says of them: tests/oracle/vote_statistics.R. */
final class Oracle {
  private static final Map<String, Double> EXPECTED = expected();

  private Oracle() {}

  /** The ballots of a table: planned, crossed or panel. */
  static List<Ballot> ballots(String table) {
    List<Ballot> ballots = new ArrayList<>();
    for (String line : lines("votes-" + table + ".csv")) {
      int[] v = java.util.Arrays.stream(line.split(",")).mapToInt(Integer::parseInt).toArray();
      ballots.add(new Ballot(v[0], v[1], v[2], v[3], v[4] == 1, v[5]));
    }
    return ballots;
  }

  /** A figure of R's. */
  static double value(String table, String quantity) {
    Double value = EXPECTED.get(table + "," + quantity);
    assertThat(value).as(table + " " + quantity).isNotNull();
    return value;
  }

  /** To four significant digits, or closer. */
  static void assertAgrees(double value, String table, String quantity, double relative) {
    double expected = value(table, quantity);
    assertThat(value)
        .as(table + " " + quantity)
        .isCloseTo(expected, within(Math.abs(expected) * relative + 1e-12));
  }

  private static Map<String, Double> expected() {
    Map<String, Double> expected = new HashMap<>();
    for (String line : lines("votes-expected.csv")) {
      String[] parts = line.split(",");
      expected.put(parts[0] + "," + parts[1], Double.valueOf(parts[2]));
    }
    return expected;
  }

  private static List<String> lines(String name) {
    try (InputStream in = Oracle.class.getResourceAsStream(name)) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(1, lines.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
