package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * {@code judge.db}: invitations, judges, what each is shown and what they answer, in one SQLite
 * file. What a method has written is on the disk when it returns. Several processes may have it
 * open at the same time; safe for threads.
 */
public final class JudgeStore implements AutoCloseable {
  public static final String NAME = "judge.db";
  private static final int MOST_JUDGES = 10_000; // of one invitation

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

  /**
   * Makes links for one judge each, and says their tokens, which are kept nowhere.
   *
   * @param role of those who judge through them
   * @throws UserError if they are none or too many
   */
  public List<String> inviteJudges(int count, JudgeRole role) {
    requireSome("count", count);
    return links.makeForJudges(count, role, clock.instant());
  }

  private static void requireSome(String parameter, int number) {
    Check.parameter(
        number >= 1 && number <= MOST_JUDGES, parameter, number, "from 1 to " + MOST_JUDGES);
  }

  /**
   * Makes a link that several judges may begin with.
   *
   * @param role of those who judge through it
   * @return its token, which is kept nowhere
   * @throws UserError if they are none or too many
   */
  public String inviteOpen(int cap, JudgeRole role) {
    requireSome("cap", cap);
    return links.makeOpen(cap, role, clock.instant());
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
   * @throws UserError if there is no such link that works
   */
  public void revoke(String link) {
    Instant now = clock.instant();
    boolean there =
        link.matches("\\d{1,9}")
            ? links.revoke(Long.parseLong(link), now)
            : links.revoke(link.substring(link.lastIndexOf('/') + 1), now);
    Check.user(there, "there is no link that works and is %s; see tiebreak judge status", link);
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
