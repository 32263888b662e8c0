package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.Words;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far judging is: counts and times, and nothing about which text was chosen.
 *
 * @param links in the order in which they were made, without those of the operator
 * @param judges in the order in which they began
 * @param pairs how many pairs have 0, 1, 2, ... judgments
 * @param planned judgments of all pairs
 * @param given of them
 * @param lastHour answers that came in the last hour
 * @param judgmentsPerPair that are planned
 */
public record JudgeStatus(
    List<LinkRow> links,
    List<JudgeRow> judges,
    List<Integer> pairs,
    long planned,
    long given,
    int lastHour,
    int judgmentsPerPair) {

  /**
   * A link.
   *
   * @param number of it, that names it when it is revoked
   * @param cap how many may begin
   * @param open whether it is for several
   * @param begun how many did
   * @param revoked whether it opens nothing any more
   */
  public record LinkRow(long number, int cap, boolean open, int begun, boolean revoked) {
    private String toText() {
      String who = open ? "up to " + cap : "one judge";
      String state = revoked ? "revoked" : begun >= cap ? "used" : "open";
      return Words.of("%-6d %-12s %6d  %s\n", number, who, begun, state);
    }
  }

  /**
   * A judge.
   *
   * @param id of the judge
   * @param link number of the judge's link
   * @param begunAt milliseconds since 1970
   * @param seenAt when something was last heard, milliseconds since 1970
   * @param answered items that were answered, duplicates and catch items among them
   * @param total items that there are for this judge
   * @param undone answers that were taken back
   * @param medianMs median time for an answer, if there is one
   */
  public record JudgeRow(
      String id,
      long link,
      long begunAt,
      long seenAt,
      int answered,
      int total,
      int undone,
      OptionalLong medianMs) {
    private String toText() {
      return Words.of(
          "%-14s %6d %9s %6d %7s  %-16s  %s\n",
          id,
          link,
          answered + "/" + total,
          undone,
          medianMs.isPresent() ? Words.of("%.1f s", medianMs.getAsLong() / 1e3) : "",
          minute(begunAt),
          minute(seenAt));
    }

    private static String minute(long millis) {
      return Instant.ofEpochMilli(millis).toString().substring(0, 16).replace('T', ' ');
    }
  }

  /** As tables for a person. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(
        Words.of(
            "%,d of %,d judgments, %d judges, %,d answers in the last hour\n",
            given, planned, judges.size(), lastHour));
    for (int n = 0; n < pairs.size(); n++) {
      String plural = n == 1 ? "" : "s";
      text.append(Words.of("  %,d pairs have %d judgment%s\n", pairs.get(n), n, plural));
    }
    text.append(Words.of("\n%-6s %-12s %6s  %s\n", "link", "for", "begun", "state"));
    links.forEach(link -> text.append(link.toText()));
    String head = "\n%-14s %6s %9s %6s %7s  %-16s  %s\n";
    text.append(
        Words.of(
            head, "judge", "link", "answered", "undone", "median", "begun (UTC)", "last seen"));
    judges.forEach(judge -> text.append(judge.toText()));
    return text.toString();
  }

  static JudgeStatus read(Sql sql, int pairs, JudgeSettings settings, long now)
      throws SQLException {
    List<JudgeRow> counted = new ArrayList<>();
    for (JudgeRow judge : judges(sql)) {
      counted.add(counted(sql, judge));
    }
    int[] judgments = new int[settings.judgmentsPerPair() + 1];
    sql.query(
        "SELECT count(*) FROM items i JOIN answers a ON a.item = i.id WHERE a.undone_at IS NULL"
            + " AND duplicate_of IS NULL AND catch = 0 GROUP BY i.pair",
        row -> judgments[row.getInt(1)]++);
    judgments[0] = pairs - Arrays.stream(judgments).sum();
    long given = 0;
    for (int n = 0; n < judgments.length; n++) {
      given += (long) n * judgments[n];
    }
    return new JudgeStatus(
        links(sql),
        List.copyOf(counted),
        Arrays.stream(judgments).boxed().toList(),
        (long) pairs * settings.judgmentsPerPair(),
        given,
        sql.count("SELECT count(*) FROM answers WHERE server_time > ?", now - 3_600_000),
        settings.judgmentsPerPair());
  }

  private static List<LinkRow> links(Sql sql) throws SQLException {
    return sql.query(
        "SELECT id, kind, cap, revoked_at IS NOT NULL,"
            + " (SELECT count(*) FROM judges b JOIN links c ON b.link = c.id"
            + " WHERE c.id = l.id OR c.parent = l.id)"
            + " FROM links l WHERE kind <> 'OPERATOR' AND parent IS NULL ORDER BY id",
        row ->
            new LinkRow(
                row.getLong(1),
                row.getString(2).equals("OPEN") ? row.getInt(3) : 1,
                row.getString(2).equals("OPEN"),
                row.getInt(5),
                row.getBoolean(4)));
  }

  private static List<JudgeRow> judges(Sql sql) throws SQLException {
    return sql.query(
        "SELECT id, link, begun_at, seen_at FROM judges ORDER BY number",
        row ->
            new JudgeRow(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                0,
                0,
                0,
                OptionalLong.empty()));
  }

  private static JudgeRow counted(Sql sql, JudgeRow judge) throws SQLException {
    List<Long> times =
        sql.query(
            "SELECT response_ms FROM items i JOIN answers a ON a.item = i.id WHERE judge = ? AND"
                + " undone_at IS NULL ORDER BY response_ms",
            row -> row.getLong(1),
            judge.id());
    int total =
        sql.count("SELECT count(*) FROM items WHERE judge = ? AND released_at IS NULL", judge.id());
    int undone =
        sql.count(
            "SELECT count(*) FROM items i JOIN answers a ON a.item = i.id WHERE judge = ? AND"
                + " undone_at IS NOT NULL",
            judge.id());
    OptionalLong median =
        times.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(
                (times.get((times.size() - 1) / 2) + times.get(times.size() / 2)) / 2);
    return new JudgeRow(
        judge.id(),
        judge.link(),
        judge.begunAt(),
        judge.seenAt(),
        times.size(),
        total,
        undone,
        median);
  }
}
