package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.study.Prompt;
import dev.tiebreak.trainer.study.Prompts;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody who has the judges' file and nothing else, and tries everything in it to tell where the
 * treatment stands, or what is compared. A predictor says yes or no of each line; one that is right
 * or wrong too often to be guessing has found a leak.
 */
final class Predictors {
  private static final List<String> PROMPT_IDS =
      Prompts.builtIn().all().stream().map(Prompt::id).toList();
  private static final int ID_BITS = 64;
  private static final BigInteger ONE_IN = BigInteger.valueOf(1_000_000);

  /** One line as it can be read. */
  private record Line(
      int number,
      int of,
      String pair,
      String prompt,
      String left,
      String right,
      String leftId,
      String rightId,
      boolean firstOfPrompt,
      boolean leftRecurs) {}

  private Predictors() {}

  /**
   * The predictors that are not guessing.
   *
   * @param shown what the judges' file is made of
   * @param hidden what they try to tell; true of half of the pairs
   * @return their names and the share of lines in which they are right
   */
  static Map<String, Double> leaks(List<ShownPair> shown, Predicate<ShownPair> hidden) {
    List<Line> lines = lines(PairFiles.lines(shown));
    Set<String> truth = new HashSet<>();
    shown.stream().filter(hidden).forEach(pair -> truth.add(pair.id()));
    int least = leastByChance(lines.size());
    Map<String, Double> leaks = new TreeMap<>();
    all()
        .forEach((name, predictor) -> {
          int right = 0;
          for (Line line : lines) {
            right += predictor.test(line) == truth.contains(line.pair) ? 1 : 0;
          }
          if (right < least || right > lines.size() - least) {
            leaks.put(name, (double) right / lines.size());
          }
        });
    return leaks;
  }

  /**
   * The smallest k such that fewer than k of n tosses of a coin are heads with a chance of no more
   * than one in a million; exact.
   */
  static int leastByChance(int n) {
    BigInteger ways = BigInteger.ONE; // n over k
    BigInteger sum = BigInteger.ZERO;
    int k = 0;
    while (true) {
      sum = sum.add(ways);
      if (sum.multiply(ONE_IN).compareTo(BigInteger.ONE.shiftLeft(n)) > 0) {
        return k;
      }
      ways = ways.multiply(BigInteger.valueOf(n - k)).divide(BigInteger.valueOf(k + 1L));
      k++;
    }
  }

  private static List<Line> lines(String file) {
    List<JsonNode> read = new ArrayList<>();
    Map<String, Integer> occurrences = new HashMap<>();
    for (String line : file.split("\n")) {
      JsonNode json = JsonMapper.shared().readTree(line);
      read.add(json);
      occurrences.merge(json.get("left").asString(), 1, Integer::sum);
      occurrences.merge(json.get("right").asString(), 1, Integer::sum);
    }
    Set<String> prompts = new HashSet<>();
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      JsonNode json = read.get(i);
      String left = json.get("left").asString();
      lines.add(
          new Line(
              i,
              read.size(),
              json.get("pair").asString(),
              json.get("prompt").asString(),
              left,
              json.get("right").asString(),
              json.get("left_id").asString(),
              json.get("right_id").asString(),
              prompts.add(json.get("prompt").asString()),
              occurrences.get(left) > occurrences.get(json.get("right").asString())));
    }
    return lines;
  }

  private static Map<String, Predicate<Line>> all() {
    Map<String, Predicate<Line>> all = new LinkedHashMap<>();
    all.put("always left", _ -> true);
    all.put("first half of the file", line -> 2 * line.number < line.of);
    for (int bit = 0; bit < 6; bit++) {
      int mask = 1 << bit;
      all.put("bit " + bit + " of the line's number", line -> (line.number & mask) == 0);
      all.put("bit " + bit + " of the prompt's number", line -> (prompt(line) & mask) == 0);
      all.put(
          "bits " + bit + " of line and prompt",
          line -> ((line.number ^ prompt(line)) & mask) == 0);
    }
    all.put("first line of the prompt", Line::firstOfPrompt);
    all.put("kind of the prompt", line -> line.prompt.compareTo("how-to") < 0);
    all.put("ids in order", line -> line.leftId.compareTo(line.rightId) < 0);
    all.put("pair id before the left one", line -> line.pair.compareTo(line.leftId) < 0);
    all.put("pair id before the right one", line -> line.pair.compareTo(line.rightId) < 0);
    for (int bit = 0; bit < ID_BITS; bit++) {
      long mask = 1L << bit;
      all.put("bit " + bit + " of the pair's id", line -> (number(line.pair) & mask) == 0);
      all.put("bit " + bit + " of the left id", line -> (number(line.leftId) & mask) == 0);
      all.put("bit " + bit + " of the right id", line -> (number(line.rightId) & mask) == 0);
      all.put(
          "bits " + bit + " of both ids",
          line -> ((number(line.leftId) ^ number(line.rightId)) & mask) == 0);
    }
    all.put("parity of the pair's id", line -> Long.bitCount(number(line.pair)) % 2 == 0);
    all.put("parity of the left id", line -> Long.bitCount(number(line.leftId)) % 2 == 0);
    texts(all);
    hashes(all);
    return all;
  }

  private static void texts(Map<String, Predicate<Line>> all) {
    all.put("left is longer", line -> line.left.length() > line.right.length());
    all.put("left has more words", line -> words(line.left) > words(line.right));
    all.put("left is long", line -> words(line.left) > 35);
    all.put("right is long", line -> words(line.right) > 35);
    all.put("parity of the lengths", line -> (line.left.length() + line.right.length()) % 2 == 0);
    all.put("the longer is odd", line -> (line.left.length() - line.right.length()) % 2 == 0);
    all.put(
        "the shorter early, the longer late",
        line -> (2 * line.number < line.of) == (line.left.length() < line.right.length()));
    all.put("texts in order", line -> line.left.compareTo(line.right) < 0);
    all.put("the left text recurs", Line::leftRecurs);
  }

  private static void hashes(Map<String, Predicate<Line>> all) {
    all.put("hash of the pair's id", line -> coin(line.pair));
    all.put("hash of the prompt", line -> coin(line.prompt));
    all.put("hash of the left text", line -> coin(line.left));
    all.put("hash of the right text", line -> coin(line.right));
    all.put("hash of prompt and texts", line -> coin(line.prompt + line.left + line.right));
    all.put("the left id is its text's hash", line -> Sha256.of(line.left).startsWith(line.leftId));
    all.put("hashes in order", line -> Sha256.of(line.left).compareTo(Sha256.of(line.right)) < 0);
  }

  private static int prompt(Line line) {
    return PROMPT_IDS.indexOf(line.prompt);
  }

  private static long number(String id) {
    return Long.parseUnsignedLong(id, 16);
  }

  private static int words(String text) {
    return text.split(" ").length;
  }

  private static boolean coin(String text) {
    return Sha256.of(text).charAt(0) < '8';
  }
}
