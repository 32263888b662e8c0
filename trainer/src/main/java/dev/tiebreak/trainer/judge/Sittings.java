package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.judge.Links.Link;
import dev.tiebreak.trainer.judge.Sitting.Answer;
import dev.tiebreak.trainer.judge.Sitting.Begun;
import dev.tiebreak.trainer.judge.Sitting.Counts;
import dev.tiebreak.trainer.judge.Sitting.Phase;
import dev.tiebreak.trainer.judge.Sitting.Questions;
import dev.tiebreak.trainer.judge.Sitting.Shown;
import dev.tiebreak.trainer.judge.Sitting.Taken;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Leads judges through their items: begins, hands out, takes answers and takes them back. */
final class Sittings {
  private static final int SHOWN = 2; // the pair now, and the next so that nobody waits for it
  private static final long SEEN_MILLIS = 60_000; // looking is noted once a minute
  private static final int ID_BYTES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final PairsFile pairs;
  private final Draws draws;
  private final Clock clock;

  Sittings(Database database, PairsFile pairs, JudgeSettings settings, Clock clock) {
    this.database = database;
    this.pairs = pairs;
    this.draws = new Draws(pairs, settings);
    this.clock = clock;
  }

  private record Judge(String id, long seen) {}

  /** Where the judge of a link is. Hands out what others gave up. */
  Sitting look(Link link) {
    return database.call(sql -> {
      Optional<Judge> judge = judge(sql, link.id());
      if (judge.isEmpty()) {
        return Sitting.without(isFull(sql, link) ? Phase.FULL : Phase.WELCOME);
      }
      String id = judge.get().id();
      if (now() - judge.get().seen() >= SEEN_MILLIS) {
        seen(sql, id);
      }
      draws.refill(sql, id, now());
      return sitting(sql, id);
    });
  }

  /**
   * Begins a sitting, after consent; does nothing if it was begun.
   *
   * @param token of the link
   * @param key unguessable, the same when the request is sent again
   */
  Begun begin(Link link, String token, Questions questions, String key) {
    return database.call(sql -> {
      if (link.kind() == Links.Kind.JUDGE) {
        return new Begun(token, begin(sql, link.id(), questions));
      }
      String own = Tokens.derived(token, key);
      Optional<Link> before = Links.find(sql, own);
      if (before.isEmpty() && isFull(sql, link)) {
        return new Begun(token, Sitting.without(Phase.FULL));
      }
      long id =
          before.isPresent()
              ? before.get().id()
              : Links.insertChild(sql, own, link, clock.instant());
      return new Begun(own, begin(sql, id, questions));
    });
  }

  private Sitting begin(Sql sql, long link, Questions questions) throws SQLException {
    Optional<Judge> before = judge(sql, link);
    if (before.isPresent()) {
      return sitting(sql, before.get().id());
    }
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    String judge = "j" + HexFormat.of().formatHex(id);
    sql.update(
        "INSERT INTO judges (id, link, number, draws, target, kind, native_speaker, age_band,"
            + " experience, begun_at, seen_at)"
            + " VALUES (?, ?, (SELECT count(*) FROM judges), 0, 0, 'HUMAN', ?, ?, ?, ?, ?)",
        judge,
        link,
        questions.nativeSpeaker(),
        questions.ageBand(),
        questions.experience(),
        now(),
        now());
    draws.refill(sql, judge, now());
    return sitting(sql, judge);
  }

  /**
   * Keeps an answer. One that was sent before counts once; so does an item.
   *
   * @return empty if there is no such judge or item, or the key is another answer's
   */
  Optional<Taken> answer(Link link, Answer answer) {
    return database.call(sql -> {
      Optional<Judge> judge = judge(sql, link.id());
      if (judge.isEmpty()) {
        return Optional.empty();
      }
      String id = judge.get().id();
      Optional<Long> found = item(sql, id, answer.item());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      long item = found.get();
      Optional<Long> before =
          sql.first(
              "SELECT item FROM answers WHERE idempotency_key = ?",
              row -> row.getLong(1),
              answer.key());
      if (before.isPresent()) {
        return before.get() == item
            ? Optional.of(new Taken(true, sitting(sql, id)))
            : Optional.empty();
      }
      boolean accepted = isOpen(sql, item) && draws.takeBack(sql, id, item);
      if (accepted) {
        insert(sql, item, answer);
      }
      seen(sql, id);
      return Optional.of(new Taken(accepted, sitting(sql, id)));
    });
  }

  private static boolean isOpen(Sql sql, long item) throws SQLException {
    return sql.count("SELECT count(*) FROM answers WHERE item = ? AND undone_at IS NULL", item)
        == 0;
  }

  private void insert(Sql sql, long item, Answer answer) throws SQLException {
    sql.update(
        "INSERT INTO answers (item, choice, response_ms, client_time, server_time, device,"
            + " idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?)",
        item,
        answer.choice(),
        answer.responseMs(),
        answer.clientTime(),
        now(),
        answer.device(),
        answer.key());
  }

  /**
   * Takes back the last answer, if it is that of this item: sent twice, it does so once.
   *
   * @return empty if there is no such judge
   */
  Optional<Sitting> undo(Link link, int item) {
    return database.call(sql -> {
      Optional<Judge> judge = judge(sql, link.id());
      if (judge.isEmpty()) {
        return Optional.empty();
      }
      String id = judge.get().id();
      if (last(sql, id).equals(OptionalInt.of(item))) {
        sql.update(
            "UPDATE answers SET undone_at = ? WHERE undone_at IS NULL AND item ="
                + " (SELECT id FROM items WHERE judge = ? AND position = ?)",
            now(),
            id,
            item);
      }
      seen(sql, id);
      return Optional.of(sitting(sql, id));
    });
  }

  private Sitting sitting(Sql sql, String judge) throws SQLException {
    int total =
        sql.count("SELECT count(*) FROM items WHERE judge = ? AND released_at IS NULL", judge);
    Counts counts = counts(sql, judge);
    int answered = counts.left() + counts.right() + counts.same() + counts.unusable();
    List<Shown> next =
        sql.query(
            "SELECT position, pair, swapped, catch FROM items i WHERE judge = ?"
                + " AND released_at IS NULL AND NOT EXISTS"
                + " (SELECT 1 FROM answers a WHERE a.item = i.id AND a.undone_at IS NULL)"
                + " ORDER BY position LIMIT "
                + SHOWN,
            this::shown,
            judge);
    Phase phase = !next.isEmpty() ? Phase.JUDGING : total == 0 ? Phase.WAITING : Phase.DONE;
    return new Sitting(phase, answered, total, last(sql, judge), next, counts);
  }

  private Shown shown(ResultSet row) throws SQLException {
    JudgedPair pair = pairs.get(row.getString(2));
    boolean swapped = row.getBoolean(3);
    String left = pair.left();
    String right = row.getBoolean(4) ? Nonsense.of(left) : pair.right();
    return new Shown(
        row.getInt(1), pair.promptText(), swapped ? right : left, swapped ? left : right);
  }

  private static Counts counts(Sql sql, String judge) throws SQLException {
    return sql.query(
            "SELECT sum(choice = 'LEFT'), sum(choice = 'RIGHT'), sum(choice = 'SAME'),"
                + " sum(choice = 'UNUSABLE'), sum(response_ms)"
                + " FROM items i JOIN answers a ON a.item = i.id"
                + " WHERE i.judge = ? AND a.undone_at IS NULL",
            row ->
                new Counts(
                    row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getLong(5)),
            judge)
        .getFirst();
  }

  private static OptionalInt last(Sql sql, String judge) throws SQLException {
    return sql.first(
            "SELECT i.position FROM items i JOIN answers a ON a.item = i.id"
                + " WHERE i.judge = ? AND a.undone_at IS NULL ORDER BY a.id DESC LIMIT 1",
            row -> OptionalInt.of(row.getInt(1)),
            judge)
        .orElseGet(OptionalInt::empty);
  }

  private static Optional<Judge> judge(Sql sql, long link) throws SQLException {
    return sql.first(
        "SELECT id, seen_at FROM judges WHERE link = ?",
        row -> new Judge(row.getString(1), row.getLong(2)),
        link);
  }

  private static Optional<Long> item(Sql sql, String judge, int position) throws SQLException {
    return sql.first(
        "SELECT id FROM items WHERE judge = ? AND position = ?",
        row -> row.getLong(1),
        judge,
        position);
  }

  private static boolean isFull(Sql sql, Link link) throws SQLException {
    return link.kind() == Links.Kind.OPEN
        && sql.count("SELECT count(*) FROM links WHERE parent = ?", link.id()) >= link.cap();
  }

  private void seen(Sql sql, String judge) throws SQLException {
    sql.update("UPDATE judges SET seen_at = ? WHERE id = ?", now(), judge);
  }

  private long now() {
    return clock.millis();
  }
}
