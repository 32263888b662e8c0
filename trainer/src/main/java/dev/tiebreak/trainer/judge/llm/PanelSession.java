package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteId;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A panel judges the pairs of a folder: replies are kept as they come, votes are made of all that
 * there are.
 */
public final class PanelSession implements AutoCloseable {
  private final ReplyLog log;
  private final VoteSink sink;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile PanelRun run;

  private PanelSession(ReplyLog log, VoteSink sink) {
    this.log = log;
    this.sink = sink;
  }

  /**
   * Opens the replies of a folder.
   *
   * @param sink where votes go; stays open
   * @throws UserError if they are damaged, or another process has them open
   */
  public static PanelSession open(Path folder, VoteSink sink) {
    return new PanelSession(ReplyLog.open(folder.resolve(ReplyLog.NAME)), sink);
  }

  /**
   * Checks that there are replies.
   *
   * @throws UserError if not
   */
  public static void requireReplies(Path folder) {
    if (!Files.exists(folder.resolve(ReplyLog.NAME))) {
      throw new UserError("there are no replies to replay: no " + folder.resolve(ReplyLog.NAME));
    }
  }

  /**
   * Gets ready to ask.
   *
   * @return how many questions there are to ask
   */
  public long prepare(
      List<JudgedPair> pairs, Panel panel, Optional<BigDecimal> budget, Runnable replied) {
    budget.ifPresent(
        most -> Check.parameter(most.signum() >= 0, "budget", most.toPlainString(), "0 or more"));
    run =
        new PanelRun(
            pairs, panel, new PanelOptions(budget, System::getenv, this::pause, replied), log);
    return run.open();
  }

  /** Asks what was prepared; see {@link PanelRun#run}. */
  public List<JudgeSummary> ask() {
    return run.run();
  }

  /** Asks nothing more; replies on their way are waited for. May be called by any thread. */
  public void requestStop() {
    run.stop();
    stopped.countDown();
  }

  private void pause(Duration time) throws InterruptedException {
    stopped.await(time.toMillis(), TimeUnit.MILLISECONDS); // true or false: the caller looks
  }

  /** Adds the votes that are not there yet, and says how many. */
  public int keepVotes() {
    Set<VoteId> done = sink.done();
    List<Vote> fresh =
        Verdicts.votes(log).stream().filter(vote -> !done.contains(vote.id())).toList();
    sink.addAll(fresh);
    return fresh.size();
  }

  /**
   * Checks that every judge came to its last pair.
   *
   * @throws UserError with what ended them
   */
  public static void requireEnd(List<JudgeSummary> judges) {
    String ended =
        judges.stream()
            .filter(judge -> judge.ended().isPresent())
            .map(judge -> judge.judge() + ": " + judge.ended().get())
            .collect(Collectors.joining("; "));
    if (!ended.isEmpty()) {
      throw new UserError(
          Words.of(
              "not all pairs are judged: %s; what was replied is kept, the same command goes on",
              ended));
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
