package dev.tiebreak.tests.judge;

import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.judge.JudgeSettings;
import dev.tiebreak.trainer.judge.JudgeStore;
import dev.tiebreak.trainer.judge.PairsFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Many simulated judges at the same time, on a server that is killed with SIGKILL in the middle and
 * started again. Afterwards the file must hold every answer that was acknowledged, each once, with
 * sides and pairs in balance.
 *
 * <p>A judge reads for half a second, which is some ten times faster than people, and sends again
 * what was not acknowledged, as the page does.
 */
final class JudgeLoad {
  private static final int PROMPTS = 150;
  private static final int ITEMS = 120;
  private static final int JUDGMENTS = 3;
  private static final long READING_MILLIS = 500;

  private final Path folder;
  private final int judges;
  private final Duration time;
  private final int port;
  private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Span> spans = new ConcurrentLinkedQueue<>();
  private long killed;
  private long back;

  /** From a question to its reply, in nanoseconds. */
  private record Span(long begun, long ended) {}

  private JudgeLoad(Path folder, int judges, Duration time) throws IOException {
    this.folder = folder;
    this.judges = judges;
    this.time = time;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
  }

  /**
   * What came of it.
   *
   * @param answers that were acknowledged
   * @param kept of them in the file
   * @param inFile all that count in the file, which may be more by those whose reply was lost
   * @param medianMs time from question to reply, but for those that met a dead server
   * @param p99Ms of one in a hundred it was longer
   * @param worstSides largest difference of sides within a block
   * @param worstPairs largest difference of the judgments handed out for two pairs
   */
  record Outcome(
      int answers,
      int kept,
      int inFile,
      double medianMs,
      double p99Ms,
      int worstSides,
      int worstPairs) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d answers acknowledged, %,d of them in the file of %,d; reply after %.1f ms (median),"
              + " %.1f ms (99th percentile); sides differ by %d at most, pairs by %d",
          answers,
          kept,
          inFile,
          medianMs,
          p99Ms,
          worstSides,
          worstPairs);
    }
  }

  /** Judges for a time in a folder. */
  static Outcome run(Path folder, int judges, Duration time) throws Exception {
    return new JudgeLoad(folder, judges, time).run();
  }

  private Outcome run() throws Exception {
    Path file = Judging.write(folder, Judging.pairs(PROMPTS, judges * ITEMS / PROMPTS / 2));
    JudgeSettings settings =
        new JudgeSettings(JUDGMENTS, ITEMS, 0, 0, 3, JudgeSettings.ABANDONED_AFTER);
    List<String> tokens;
    try (JudgeStore store =
        JudgeStore.open(folder.resolve(JudgeStore.NAME), PairsFile.read(file), settings)) {
      tokens = store.inviteJudges(judges, JudgeRole.READER);
    }
    Process server = server();
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (String token : tokens) {
      threads.add(Thread.ofVirtual().start(() -> judge(token, end)));
      Thread.sleep(Math.min(50, time.toMillis() / 4 / judges)); // they do not come all at once
    }
    Thread.sleep(Math.max(0, (end - System.nanoTime()) / 2_000_000));
    killed = System.nanoTime();
    server.destroyForcibly().waitFor(); // SIGKILL
    server = server();
    back = System.nanoTime();
    for (Thread thread : threads) {
      thread.join();
    }
    server.destroy();
    server.waitFor();
    return outcome();
  }

  private Process server() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Java.command("judge", "serve", folder.toString(), "--port=" + port))
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    while (!Files.readString(folder.resolve("out.txt")).contains("Serving")) {
      if (!process.isAlive()) {
        throw new IOException(Files.readString(folder.resolve("err.txt")));
      }
      Thread.sleep(20);
    }
    return process;
  }

  private void judge(String token, long end) {
    Client client = new Client(port);
    try {
      String api = "/api/" + token + "/";
      client.postUntilAnswered(
          api + "begin",
          "{\"consent\":true,\"native_speaker\":\"\",\"age_band\":\"\",\"experience\":\"\","
              + "\"key\":\"0123456789abcdef0123456789abcdef\"}");
      for (int item = 1; item <= ITEMS && System.nanoTime() < end; item++) {
        Thread.sleep(READING_MILLIS);
        String key = Client.key();
        long begun = System.nanoTime();
        client.postUntilAnswered(
            api + "answer",
            String.format(
                Locale.ROOT,
                "{\"item\":%d,\"choice\":\"left\",\"ms\":500,\"client_time\":\"2026-03-01T10:00:00Z\",\"device\":\"desktop\",\"key\":\"%s\"}",
                item,
                key));
        spans.add(new Span(begun, System.nanoTime()));
        acknowledged.add(key);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Outcome outcome() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(JudgeStore.NAME));
        Statement statement = connection.createStatement()) {
      Set<String> keys = new HashSet<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT idempotency_key FROM answers WHERE undone_at IS NULL")) {
        while (rows.next()) {
          keys.add(rows.getString(1));
        }
      }
      int worstSides =
          number(
              statement,
              "SELECT max(d) FROM (SELECT abs(sum(CASE swapped WHEN 0 THEN 1 ELSE -1 END)) d"
                  + " FROM items GROUP BY judge)");
      Map<String, Integer> handed = new HashMap<>();
      PairsFile.read(folder.resolve(PairsFile.NAME))
          .all()
          .forEach(pair -> handed.put(pair.pair(), 0));
      try (ResultSet rows = statement.executeQuery("SELECT pair FROM items")) {
        while (rows.next()) {
          handed.merge(rows.getString(1), 1, Integer::sum);
        }
      }
      int most = handed.values().stream().max(Integer::compare).orElseThrow();
      int fewest = handed.values().stream().min(Integer::compare).orElseThrow();
      long[] times = // a second to warm up, as a new JVM is slow
          spans.stream()
              .filter(span -> span.ended() < killed || span.begun() > back + 1_000_000_000L)
              .mapToLong(span -> span.ended() - span.begun())
              .sorted()
              .toArray();
      return new Outcome(
          acknowledged.size(),
          (int) acknowledged.stream().filter(keys::contains).count(),
          keys.size(),
          times[times.length / 2] / 1e6,
          times[times.length * 99 / 100] / 1e6,
          worstSides,
          most - fewest);
    }
  }

  private static int number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
