package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Answers as rows of the table of votes that all judges share. */
final class JudgeVotes {
  private static final String NONSENSE = "nonsense"; // stands where an id of a text would

  private static final List<String> EXTRA =
      List.of("device", "position", "native_speaker", "age_band", "experience");

  private JudgeVotes() {}

  /** The answers that count, in the order in which they came. */
  static List<Vote> read(Sql sql, PairsFile pairs) throws SQLException {
    return sql.query(
        "SELECT i.judge, i.pair, swapped, duplicate_of IS NOT NULL, catch, choice, response_ms,"
            + " server_time, device, position, native_speaker, age_band, experience, l.role"
            + " FROM answers a JOIN items i ON a.item = i.id JOIN judges j ON i.judge = j.id"
            + " JOIN links l ON j.link = l.id"
            + " WHERE undone_at IS NULL ORDER BY a.id",
        row -> vote(row, pairs.get(row.getString(2))));
  }

  private static Vote vote(ResultSet row, JudgedPair pair) throws SQLException {
    boolean swapped = row.getBoolean(3);
    boolean repeat = row.getBoolean(4);
    boolean catchItem = row.getBoolean(5);
    String right = catchItem ? NONSENSE : pair.rightId();
    Vote vote =
        Vote.by(row.getString(1), JudgeKind.HUMAN, Choice.valueOf(row.getString(6)))
            .on(pair.prompt(), catchItem ? "catch-" + pair.pair() : pair.pair())
            .sides(swapped ? right : pair.leftId(), swapped ? pair.leftId() : right)
            .responseMs(row.getLong(7))
            .at(Instant.ofEpochMilli(row.getLong(8)))
            .catchItem(catchItem)
            .swappedOf(repeat ? pair.pair() : "")
            .role(JudgeRole.valueOf(row.getString(14)));
    for (String column : EXTRA) {
      String value = row.getString(column);
      if (!value.isEmpty()) { // else nothing was said
        vote = vote.extra(column, value);
      }
    }
    return vote;
  }
}
