package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of {@code judge.db}. Times are milliseconds since 1970 in UTC. There is no address of
 * anybody, no arm, and of each link only the SHA-256 of its token.
 */
final class Schema {
  private static final int VERSION = 2;

  /** From version 1, whose links have no role. */
  private static final String ADD_ROLES =
      "ALTER TABLE links ADD COLUMN role TEXT NOT NULL DEFAULT 'READER'";

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
          """
          CREATE TABLE links (
            id INTEGER PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('JUDGE', 'OPEN', 'OPERATOR')),
            cap INTEGER, -- of an open link: how many judges may begin
            parent INTEGER REFERENCES links, -- the open link that it was made from
            created_at INTEGER NOT NULL,
            revoked_at INTEGER,
            role TEXT NOT NULL DEFAULT 'READER' -- of those who judge through it
          ) STRICT\
          """,
          """
          CREATE TABLE judges (
            id TEXT PRIMARY KEY,
            link INTEGER NOT NULL UNIQUE REFERENCES links,
            number INTEGER NOT NULL UNIQUE, -- seeds the assignment
            draws INTEGER NOT NULL, -- how often items were drawn
            target INTEGER NOT NULL, -- planned pairs of the first draw
            kind TEXT NOT NULL CHECK (kind IN ('HUMAN')),
            native_speaker TEXT, -- '', 'yes' or 'no'
            age_band TEXT,
            experience TEXT,
            begun_at INTEGER NOT NULL, -- consent was given then
            seen_at INTEGER NOT NULL
          ) STRICT\
          """,
          """
          CREATE TABLE items (
            id INTEGER PRIMARY KEY,
            judge TEXT NOT NULL REFERENCES judges,
            position INTEGER NOT NULL,
            pair TEXT NOT NULL,
            prompt TEXT NOT NULL,
            swapped INTEGER NOT NULL, -- the file's left (or the real) text is shown right
            duplicate_of INTEGER REFERENCES items,
            catch INTEGER NOT NULL,
            assigned_at INTEGER NOT NULL,
            released_at INTEGER, -- abandoned: not shown any more, handed to others
            UNIQUE (judge, position)
          ) STRICT\
          """,
          "CREATE INDEX items_by_pair ON items (pair, duplicate_of, catch, released_at, swapped)",
          """
          CREATE TABLE answers (
            id INTEGER PRIMARY KEY,
            item INTEGER NOT NULL REFERENCES items,
            choice TEXT NOT NULL CHECK (choice IN ('LEFT', 'RIGHT', 'SAME', 'UNUSABLE')),
            response_ms INTEGER NOT NULL, -- while the pair was visible
            client_time INTEGER NOT NULL,
            server_time INTEGER NOT NULL,
            device TEXT NOT NULL,
            idempotency_key TEXT NOT NULL UNIQUE,
            undone_at INTEGER
          ) STRICT\
          """,
          "CREATE UNIQUE INDEX one_answer ON answers (item) WHERE undone_at IS NULL");

  private Schema() {}

  /**
   * Makes the tables in an empty file, or checks those that are there.
   *
   * @return the settings of the file
   * @throws UserError if the file is of another program, other pairs or other settings
   */
  static JudgeSettings prepare(Database database, PairsFile pairs, JudgeSettings settings) {
    return database.call(sql -> {
      int version = sql.count("PRAGMA user_version");
      if (version == 0 && sql.count("SELECT count(*) FROM sqlite_schema") == 0) {
        for (String table : TABLES) {
          sql.execute(table);
        }
        write(sql, pairs, settings);
        sql.execute("PRAGMA user_version = " + VERSION);
        return settings;
      }
      if (version == 1) {
        sql.execute(ADD_ROLES);
        sql.execute("PRAGMA user_version = " + VERSION);
      } else if (version != VERSION) {
        throw new UserError(
            Words.of(
                "judge.db is of version %d, this program reads version %d; use the program that made it",
                version, VERSION));
      }
      Map<String, String> values = new HashMap<>();
      sql.query(
              "SELECT name, value FROM settings",
              row -> Map.entry(row.getString(1), row.getString(2)))
          .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
      if (!pairs.hash().equals(values.get("pairs_hash"))) {
        throw new UserError(
            "the pairs were changed since judging began; restore the file, or move judge.db away to"
                + " begin anew");
      }
      return read(values);
    });
  }

  private static void write(Sql sql, PairsFile pairs, JudgeSettings settings) throws SQLException {
    Map<String, Object> values =
        Map.of(
            "pairs_hash", pairs.hash(),
            "judgments_per_pair", settings.judgmentsPerPair(),
            "items_per_judge", settings.itemsPerJudge(),
            "duplicates", settings.duplicates(),
            "catch_items", settings.catchItems(),
            "seed", settings.seed(),
            "abandoned_after_ms", settings.abandonedAfter().toMillis());
    for (Map.Entry<String, Object> value : values.entrySet()) {
      sql.update(
          "INSERT INTO settings (name, value) VALUES (?, ?)",
          value.getKey(),
          value.getValue().toString());
    }
  }

  private static JudgeSettings read(Map<String, String> values) {
    return new JudgeSettings(
        Integer.parseInt(values.get("judgments_per_pair")),
        Integer.parseInt(values.get("items_per_judge")),
        Integer.parseInt(values.get("duplicates")),
        Integer.parseInt(values.get("catch_items")),
        Long.parseLong(values.get("seed")),
        Duration.ofMillis(Long.parseLong(values.get("abandoned_after_ms"))));
  }
}
