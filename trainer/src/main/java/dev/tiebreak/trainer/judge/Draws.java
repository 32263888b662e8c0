package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.Assignment.Count;
import dev.tiebreak.trainer.judge.Assignment.Kind;
import dev.tiebreak.trainer.judge.Assignment.Past;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Hands out items by {@link Assignment} and takes abandoned ones back.
 *
 * <p>What a silent judge has not answered is released: it no longer counts, so others get it. When
 * the judge comes back, the block is filled up with pairs that are still needed.
 */
final class Draws {
  private static final String PLANNED =
      " duplicate_of IS NULL AND catch = 0 AND released_at IS NULL ";

  private final PairsFile pairs;
  private final JudgeSettings settings;

  Draws(PairsFile pairs, JudgeSettings settings) {
    this.pairs = pairs;
    this.settings = settings;
  }

  private record Holding(int target, int number, int draws, int held) {}

  /** Gives a judge items, if there are none yet or some were handed to others. */
  void refill(Sql sql, String judge, long now) throws SQLException {
    Holding holding =
        sql.query(
                "SELECT target, number, draws, (SELECT count(*) FROM items WHERE judge = j.id AND"
                    + PLANNED
                    + ") FROM judges j WHERE id = ?",
                row -> new Holding(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4)),
                judge)
            .getFirst();
    if (holding.target() > 0 && holding.held() >= holding.target()) {
      return;
    }
    release(sql, judge, now);
    List<Count> counts = counts(sql);
    SplittableRandom random = random(holding.number(), holding.draws());
    boolean first = holding.target() == 0;
    List<Assignment.Item> items =
        first
            ? Assignment.block(settings, counts, random)
            : Assignment.more(
                settings, counts, holding.target() - holding.held(), past(sql, judge), random);
    if (items.isEmpty()) {
      return;
    }
    insert(sql, judge, items, now);
    long planned = items.stream().filter(item -> item.kind() == Kind.MAIN).count();
    sql.update(
        "UPDATE judges SET draws = draws + 1, target = ? WHERE id = ?",
        first ? planned : (long) holding.target(),
        judge);
  }

  private SplittableRandom random(int number, int draws) {
    long step = ((long) number << 20) + draws; // no judge draws a million times
    return new SplittableRandom(new SplittableRandom(settings.seed() + step).nextLong());
  }

  /** Lets go what silent judges other than this one have not answered. */
  private void release(Sql sql, String judge, long now) throws SQLException {
    String unanswered =
        " NOT EXISTS (SELECT 1 FROM answers a WHERE a.item = %s AND a.undone_at IS NULL)";
    sql.update(
        "UPDATE items SET released_at = ? WHERE released_at IS NULL AND catch = 0"
            + " AND judge IN (SELECT id FROM judges WHERE seen_at < ? AND id <> ?) AND"
            + Words.of(unanswered, "items.id")
            + " AND (duplicate_of IS NULL OR"
            + Words.of(unanswered, "items.duplicate_of")
            + ")",
        now,
        now - settings.abandonedAfter().toMillis(),
        judge);
  }

  private List<Count> counts(Sql sql) throws SQLException {
    Map<String, int[]> handed = new HashMap<>(); // by pair: how often, unturned less turned
    sql.query(
        "SELECT pair, swapped, count(*) FROM items WHERE" + PLANNED + "GROUP BY pair, swapped",
        row -> {
          int[] counts = handed.computeIfAbsent(row.getString(1), _ -> new int[2]);
          counts[0] += row.getInt(3);
          counts[1] += row.getBoolean(2) ? -row.getInt(3) : row.getInt(3);
          return null;
        });
    List<Count> counts = new ArrayList<>();
    for (JudgedPair pair : pairs.all()) {
      int[] of = handed.getOrDefault(pair.pair(), new int[2]);
      counts.add(new Count(pair, of[0], of[1]));
    }
    return counts;
  }

  private static Past past(Sql sql, String judge) throws SQLException {
    List<Map.Entry<String, Boolean>> held =
        sql.query(
            "SELECT prompt, swapped FROM items WHERE judge = ? AND" + PLANNED,
            row -> Map.entry(row.getString(1), row.getBoolean(2)),
            judge);
    HashSet<String> prompts = new HashSet<>();
    int unturned = 0;
    for (Map.Entry<String, Boolean> item : held) {
      prompts.add(item.getKey());
      unturned += item.getValue() ? -1 : 1;
    }
    return new Past(prompts, unturned);
  }

  private static void insert(Sql sql, String judge, List<Assignment.Item> items, long now)
      throws SQLException {
    int position = sql.count("SELECT coalesce(max(position), 0) FROM items WHERE judge = ?", judge);
    Map<String, Long> first = new HashMap<>(); // by pair
    for (Assignment.Item item : items) {
      position++;
      String pair = item.pair().pair();
      long id =
          sql.insert(
              "INSERT INTO items (judge, position, pair, prompt, swapped, duplicate_of, catch,"
                  + " assigned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              judge,
              position,
              pair,
              item.pair().prompt(),
              item.turned() ? 1 : 0,
              item.kind() == Kind.DUPLICATE ? first.get(pair) : null,
              item.kind() == Kind.CATCH ? 1 : 0,
              now);
      if (item.kind() == Kind.MAIN) {
        first.put(pair, id);
      }
    }
  }

  /**
   * Gives a judge back an item that was released, for an answer that comes late.
   *
   * @return whether the judge has it, now or all the time; not if others were given it, or the
   *     judge another pair of its prompt
   */
  boolean takeBack(Sql sql, String judge, long item) throws SQLException {
    boolean released =
        sql.count("SELECT count(*) FROM items WHERE id = ? AND released_at IS NOT NULL", item) > 0;
    if (!released) {
      return true;
    }
    int others =
        sql.count(
            "SELECT count(*) FROM items WHERE"
                + PLANNED
                + "AND pair = (SELECT pair FROM items WHERE id = ?)",
            item);
    int ofPrompt =
        sql.count(
            "SELECT count(*) FROM items WHERE judge = ? AND"
                + PLANNED
                + "AND prompt = (SELECT prompt FROM items WHERE id = ?)",
            judge,
            item);
    boolean free = others < settings.judgmentsPerPair() && ofPrompt == 0;
    if (free) {
      sql.update("UPDATE items SET released_at = NULL WHERE id = ?", item);
    }
    return free;
  }
}
