package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgeRole;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Links that were given out. */
final class Links {
  private final Database database;

  Links(Database database) {
    this.database = database;
  }

  /** What a link opens. */
  enum Kind {
    /** The sitting of one judge, again and again until it is done. */
    JUDGE,
    /** A sitting for each of several people who need no name. */
    OPEN,
    /** The page with counts. */
    OPERATOR
  }

  /**
   * A link that works.
   *
   * @param cap how many judges may begin through it, if it is open
   * @param role of those who do
   */
  record Link(long id, Kind kind, int cap, JudgeRole role) {
    boolean isOperator() {
      return kind == Kind.OPERATOR;
    }
  }

  /** Makes a link and says its token, which is kept nowhere. */
  String makeOpen(int cap, JudgeRole role, Instant now) {
    return database.call(sql -> insert(sql, Kind.OPEN, (long) cap, role, now));
  }

  /** Makes several links for a judge each, all or none. */
  List<String> makeForJudges(int count, JudgeRole role, Instant now) {
    return database.call(sql -> {
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tokens.add(insert(sql, Kind.JUDGE, null, role, now));
      }
      return tokens;
    });
  }

  /** Makes a link for the operator; those made before open nothing any more. */
  String makeForOperator(Instant now) {
    return database.call(sql -> {
      revoke(sql, "kind = ?", Kind.OPERATOR.name(), now);
      return insert(sql, Kind.OPERATOR, null, JudgeRole.OPERATOR, now);
    });
  }

  private static String insert(Sql sql, Kind kind, Long cap, JudgeRole role, Instant now)
      throws SQLException {
    String token = Tokens.random();
    insert(sql, token, kind, cap, null, role, now);
    return token;
  }

  /** Keeps the link of one who begins with an open one. */
  static long insertChild(Sql sql, String token, Link parent, Instant now) throws SQLException {
    return insert(sql, token, Kind.JUDGE, null, parent.id, parent.role, now);
  }

  private static long insert(
      Sql sql, String token, Kind kind, Long cap, Long parent, JudgeRole role, Instant now)
      throws SQLException {
    return sql.insert(
        "INSERT INTO links (token_hash, kind, cap, parent, role, created_at)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        Tokens.hash(token),
        kind.name(),
        cap,
        parent,
        role.name(),
        now.toEpochMilli());
  }

  /** The link of a token, unless it was revoked or never made. */
  Optional<Link> find(String token) {
    return Tokens.isToken(token) ? database.call(sql -> find(sql, token)) : Optional.empty();
  }

  static Optional<Link> find(Sql sql, String token) throws SQLException {
    String hash = Tokens.hash(token);
    return sql.first(
            "SELECT id, kind, cap, token_hash, role FROM links WHERE token_hash = ? AND revoked_at IS"
                + " NULL",
            row ->
                Tokens.equal(hash, row.getString(4))
                    ? Optional.of(
                        new Link(
                            row.getLong(1),
                            Kind.valueOf(row.getString(2)),
                            row.getInt(3),
                            JudgeRole.valueOf(row.getString(5))))
                    : Optional.<Link>empty(),
            hash)
        .flatMap(found -> found);
  }

  /**
   * Lets a link open nothing any more; sittings that were begun through an open one go on. Says
   * whether there was such a link.
   */
  boolean revoke(String token, Instant now) {
    return database.call(sql -> revoke(sql, "token_hash = ?", Tokens.hash(token), now));
  }

  /** The same for the link of that number, as {@code judge status} shows it. */
  boolean revoke(long id, Instant now) {
    return database.call(sql -> revoke(sql, "id = ?", id, now));
  }

  private static boolean revoke(Sql sql, String which, Object value, Instant now)
      throws SQLException {
    String statement = "UPDATE links SET revoked_at = ? WHERE " + which + " AND revoked_at IS NULL";
    return sql.update(statement, now.toEpochMilli(), value) > 0;
  }
}
