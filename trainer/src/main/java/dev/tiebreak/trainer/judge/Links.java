package dev.tiebreak.trainer.judge;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
   */
  record Link(long id, Kind kind, int cap) {}

  /** Makes a link and says its token, which is kept nowhere. */
  String make(Kind kind, OptionalInt cap, Instant now) {
    String token = Tokens.random();
    Long most = cap.isPresent() ? (Long) (long) cap.getAsInt() : null;
    database.call(sql -> insert(sql, token, kind, most, null, now));
    return token;
  }

  /** Makes several links for a judge each, all or none. */
  List<String> makeForJudges(int count, Instant now) {
    return database.call(sql -> {
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tokens.add(Tokens.random());
        insert(sql, tokens.getLast(), Kind.JUDGE, null, null, now);
      }
      return tokens;
    });
  }

  /** Makes a link for the operator; those made before open nothing any more. */
  String makeForOperator(Instant now) {
    String token = Tokens.random();
    database.call(sql -> {
      sql.update(
          "UPDATE links SET revoked_at = ? WHERE kind = 'OPERATOR' AND revoked_at IS NULL",
          now.toEpochMilli());
      return insert(sql, token, Kind.OPERATOR, null, null, now);
    });
    return token;
  }

  static long insert(Sql sql, String token, Kind kind, Long cap, Long parent, Instant now)
      throws SQLException {
    return sql.insert(
        "INSERT INTO links (token_hash, kind, cap, parent, created_at) VALUES (?, ?, ?, ?, ?)",
        Tokens.hash(token),
        kind.name(),
        cap,
        parent,
        now.toEpochMilli());
  }

  /** The link of a token, unless it was revoked or never made. */
  Optional<Link> find(String token) {
    return Tokens.isToken(token) ? database.call(sql -> find(sql, token)) : Optional.empty();
  }

  static Optional<Link> find(Sql sql, String token) throws SQLException {
    String hash = Tokens.hash(token);
    return sql.first(
            "SELECT id, kind, cap, token_hash FROM links WHERE token_hash = ? AND revoked_at IS"
                + " NULL",
            row ->
                Tokens.equal(hash, row.getString(4))
                    ? Optional.of(
                        new Link(row.getLong(1), Kind.valueOf(row.getString(2)), row.getInt(3)))
                    : Optional.<Link>empty(),
            hash)
        .flatMap(found -> found);
  }

  /**
   * Lets a link open nothing any more; sittings that were begun through an open one go on.
   */
  boolean revoke(String token, Instant now) {
    return database.call(sql ->
        sql.update(
                "UPDATE links SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL",
                now.toEpochMilli(),
                Tokens.hash(token))
            > 0);
  }

  /** The same for the link of that number, as {@code judge status} shows it. */
  boolean revoke(long id, Instant now) {
    return database.call(sql ->
        sql.update(
                "UPDATE links SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                now.toEpochMilli(),
                id)
            > 0);
  }
}
