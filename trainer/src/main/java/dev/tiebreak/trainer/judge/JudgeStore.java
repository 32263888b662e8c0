package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * {@code judge.db}: invitations, judges, what each is shown and what they answer, in one SQLite
 * file. What a method has written is on the disk when it returns. Several processes may have it
 * open at the same time; safe for threads.
 */
public final class JudgeStore implements AutoCloseable {
  public static final String NAME = "judge.db";

  private final Database database;
  private final PairsFile pairs;
  private final JudgeSettings settings;
  private final Clock clock;
  private final Links links;
  private final Sittings sittings;

  private JudgeStore(Database database, PairsFile pairs, JudgeSettings settings, Clock clock) {
    this.database = database;
    this.pairs = pairs;
    this.settings = settings;
    this.clock = clock;
    this.links = new Links(database);
    this.sittings = new Sittings(database, pairs, settings, clock);
  }

  /**
   * Opens a file, or makes one.
   *
   * @param pairs that are judged; must be those that the file was made for
   * @param settings for a new file; one that is there keeps its own
   * @throws UserError if the file cannot be used, or is for other pairs
   */
  public static JudgeStore open(Path file, PairsFile pairs, JudgeSettings settings) {
    return open(file, pairs, settings, Clock.systemUTC());
  }

  /**
   * The same with another clock.
   *
   * @param clock tells when answers come and when sittings are abandoned
   */
  public static JudgeStore open(Path file, PairsFile pairs, JudgeSettings settings, Clock clock) {
    Database database = Database.open(file);
    try {
      return new JudgeStore(database, pairs, Schema.prepare(database, pairs, settings), clock);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public JudgeSettings settings() {
    return settings;
  }

  /** Makes links for one judge each, and says their tokens, which are kept nowhere. */
  public List<String> inviteJudges(int count) {
    return links.makeForJudges(count, clock.instant());
  }

  /**
   * Makes a link that several judges may begin with.
   *
   * @return its token, which is kept nowhere
   */
  public String inviteOpen(int cap) {
    return links.makeOpen(cap, clock.instant());
  }

  /**
   * Makes a link to the page with counts; those made before open nothing any more.
   *
   * @return its token, which is kept nowhere
   */
  public String inviteOperator() {
    return links.makeForOperator(clock.instant());
  }

  /**
   * Lets a link open nothing any more. What was answered through it stays.
   *
   * @param link its number, its token, or the whole link
   * @return whether there was such a link
   */
  public boolean revoke(String link) {
    if (link.matches("\\d{1,9}")) {
      return links.revoke(Long.parseLong(link), clock.instant());
    }
    return links.revoke(link.substring(link.lastIndexOf('/') + 1), clock.instant());
  }

  public JudgeStatus status() {
    return database.call(
        sql -> JudgeStatus.read(sql, pairs.all().size(), settings, clock.millis()));
  }

  /**
   * The answers that count, in the order in which they came. A pair that the same judge saw before
   * says so in {@code swapped_of}, turned or not; further columns are {@code device}, {@code
   * position} and the judge's answers to the three questions.
   */
  public List<Vote> votes() {
    return database.call(sql -> JudgeVotes.read(sql, pairs));
  }

  Links links() {
    return links;
  }

  Sittings sittings() {
    return sittings;
  }

  /** Closes the file, after what is under way. */
  @Override
  public void close() {
    database.close();
  }
}
