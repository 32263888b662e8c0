package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgedPair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Says what one judge sees: pairs, sides and order. A pure function of what was handed out before
 * and of random numbers.
 *
 * <p>Pairs: those with the fewest judgments first, at most one of each prompt, never more than
 * planned for a pair. Among prompts, those with the most pairs of that few judgments first: so the
 * pairs of all prompts are used up evenly, blocks stay full, and the counts of any two pairs differ
 * by at most one as long as no prompt has more pairs than there are blocks to hold them (all pairs
 * / size of a block). What is equal is drawn. This is a balanced incomplete block design that also
 * works when judges leave and when nobody knows how many will come. A pair is a prompt, a
 * completion and a pair of seeds; the file does not say which, so each pair counts for itself.
 *
 * <p>Sides: the file's left text is shown left in exactly half of a judge's pairs (one more or less
 * where their number is odd), and the pairs that were shown so more often before are turned first.
 * Which text is whose is not known here; the file's own sides are balanced for that.
 */
public final class Assignment {
  private static final int CATCH_WORDS = 12;

  private Assignment() {}

  public enum Kind {
    /** Analysed. */
    MAIN,
    /** Seen before by the same judge. */
    DUPLICATE,
    /** A text against {@link Nonsense}. */
    CATCH
  }

  /**
   * A pair and how often it was handed out.
   *
   * @param count judgments given or being waited for
   * @param unturned how many more of them have the file's left text left than right; may be
   *     negative
   */
  public record Count(JudgedPair pair, int count, int unturned) {}

  /**
   * One item of a judge.
   *
   * @param pair what is shown; for a catch item, the file's left text of it is the real one
   * @param turned whether the file's left (or the real) text is shown right
   */
  public record Item(JudgedPair pair, boolean turned, Kind kind) {}

  /**
   * What the judge had before.
   *
   * @param prompts of pairs that the judge has seen
   * @param unturned how many more of them had the file's left text left than right
   */
  public record Past(Set<String> prompts, int unturned) {
    public static final Past NONE = new Past(Set.of(), 0);
  }

  /**
   * All items for a new judge, in the order in which they are shown. A duplicate comes a quarter of
   * the items after its first showing, or later, where there is room.
   *
   * @param counts every pair of the file, in the file's order
   * @return empty if every pair has its planned judgments; shorter than planned near that
   */
  public static List<Item> block(
      JudgeSettings settings, Collection<Count> counts, RandomGenerator random) {
    List<Item> items = more(settings, counts, settings.itemsPerJudge(), Past.NONE, random);
    if (items.isEmpty()) {
      return items;
    }
    items.addAll(catches(settings.catchItems(), counts, items, random));
    Collections.shuffle(items, random);
    addDuplicates(items, settings.duplicates(), random);
    return items;
  }

  /**
   * Pairs for a judge who comes back after others were given the rest of the block.
   *
   * @param size how many, at most
   */
  public static List<Item> more(
      JudgeSettings settings,
      Collection<Count> counts,
      int size,
      Past past,
      RandomGenerator random) {
    List<Count> open = new ArrayList<>();
    for (Count count : counts) {
      if (count.count() < settings.judgmentsPerPair()
          && !past.prompts().contains(count.pair().prompt())) {
        open.add(count);
      }
    }
    Collections.shuffle(open, random);
    List<Item> items = sides(choose(open, size), past.unturned(), random);
    Collections.shuffle(items, random);
    return items;
  }

  private static List<Count> choose(List<Count> open, int size) {
    List<Count> chosen = new ArrayList<>();
    Set<String> used = new HashSet<>();
    while (chosen.size() < size) {
      List<Count> left = open.stream().filter(one -> !used.contains(one.pair().prompt())).toList();
      if (left.isEmpty()) {
        break;
      }
      int fewest = left.stream().mapToInt(Count::count).min().orElseThrow();
      Map<String, List<Count>> byPrompt = new LinkedHashMap<>();
      for (Count one : left) {
        if (one.count() == fewest) {
          byPrompt.computeIfAbsent(one.pair().prompt(), _ -> new ArrayList<>()).add(one);
        }
      }
      byPrompt.values().stream()
          .sorted(Comparator.<List<Count>>comparingInt(List::size).reversed()) // stable
          .limit(size - chosen.size())
          .map(List::getFirst)
          .forEach(one -> {
            chosen.add(one);
            used.add(one.pair().prompt());
          });
    }
    return chosen;
  }

  private static List<Item> sides(List<Count> chosen, int unturned, RandomGenerator random) {
    int twice = chosen.size() + unturned; // twice the number to turn
    int turn =
        Math.floorDiv(twice, 2) + (Math.floorMod(twice, 2) == 1 && random.nextBoolean() ? 1 : 0);
    List<Count> order = new ArrayList<>(chosen);
    order.sort(Comparator.comparingInt(Count::unturned).reversed()); // stable: equal ones are drawn
    List<Item> items = new ArrayList<>();
    for (Count one : order) {
      items.add(new Item(one.pair(), items.size() < turn, Kind.MAIN));
    }
    return items;
  }

  /** Real texts of prompts that are not in the block, long enough to look real. */
  private static List<Item> catches(
      int number, Collection<Count> counts, List<Item> block, RandomGenerator random) {
    Set<String> used = new HashSet<>();
    block.forEach(item -> used.add(item.pair().prompt()));
    List<JudgedPair> pool = new ArrayList<>();
    counts.forEach(count -> pool.add(count.pair()));
    Collections.shuffle(pool, random);
    boolean turned = random.nextBoolean();
    List<Item> items = new ArrayList<>();
    for (int fault = 0; fault <= 3; fault++) { // the best ones first
      for (JudgedPair pair : pool) {
        if (items.size() == number) {
          return items;
        }
        if (fault(pair, used) == fault
            && items.stream().noneMatch(item -> item.pair() == pair)
            && !Nonsense.of(pair.left()).equals(pair.left())) {
          items.add(new Item(pair, turned, Kind.CATCH));
          used.add(pair.prompt());
          turned = !turned;
        }
      }
    }
    return items;
  }

  /** Why a text is worse for a catch item: its prompt is seen otherwise (1), it is short (2). */
  private static int fault(JudgedPair pair, Set<String> used) {
    return (used.contains(pair.prompt()) ? 1 : 0)
        + (Nonsense.words(pair.left()) < CATCH_WORDS ? 2 : 0);
  }

  /** The first of them is turned against its first showing, the others are shown as before. */
  private static void addDuplicates(List<Item> items, int number, RandomGenerator random) {
    List<Item> pool = new ArrayList<>(items.subList(0, (items.size() + 1) / 2));
    pool.removeIf(item -> item.kind() != Kind.MAIN);
    if (pool.size() < number) {
      pool = new ArrayList<>(items);
      pool.removeIf(item -> item.kind() != Kind.MAIN);
    }
    Collections.shuffle(pool, random);
    int gap = Math.max(1, items.size() / 4);
    boolean first = true;
    for (Item shown : pool.subList(0, Math.min(number, pool.size()))) {
      int from = Math.min(items.indexOf(shown) + gap, items.size());
      int at = from + random.nextInt(items.size() - from + 1);
      items.add(at, new Item(shown.pair(), shown.turned() ^ first, Kind.DUPLICATE));
      first = false;
    }
  }
}
