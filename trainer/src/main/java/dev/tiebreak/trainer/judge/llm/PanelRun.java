package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Asks every judge of a panel about every pair, in both orders, and asks nothing that the log
 * already has a reply to. Judges work side by side, each on as many questions as its entry allows.
 * One that fails ends alone; what was replied is kept.
 */
public final class PanelRun {
  private final List<JudgedPair> pairs;
  private final ReplyLog log;
  private final List<Inquiry> inquiries;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;

  /**
   * @param log of replies; stays open
   * @throws UserError if a key is missing, a budget is missing where there are prices, or the log
   *     holds replies to other questions
   */
  public PanelRun(List<JudgedPair> pairs, Panel panel, PanelOptions options, ReplyLog log) {
    this.pairs = List.copyOf(pairs);
    this.log = log;
    if (options.budget().isEmpty() && panel.judges().stream().anyMatch(LlmJudge::hasPrice)) {
      throw new UserError(
          "judges of this panel have a price; say what may be spent in all",
          Remedy.parameter("budget", "5.00"));
    }
    Budget budget = new Budget(options.budget(), log.cost());
    this.inquiries =
        panel.judges().stream()
            .map(judge -> new Inquiry(judge, log, budget, options, () -> stopping))
            .toList();
    requireSameQuestions();
  }

  private void requireSameQuestions() {
    Set<String> known = pairs.stream().map(JudgedPair::pair).collect(Collectors.toSet());
    for (Reply reply : log.all()) {
      if (!known.contains(reply.id().pair())) {
        throw new UserError(
            Words.of(
                "%s holds replies about pair %s, which is not among the pairs; move that file away if the pairs were made anew",
                ReplyLog.NAME, reply.id().pair()));
      }
    }
    inquiries.forEach(one -> one.questions(pairs).forEach(one::requireSame));
  }

  /** Requests that are still to be made, not counting those for the format. */
  public long open() {
    return inquiries.stream()
        .mapToLong(one -> one.questions(pairs).filter(asked -> !one.isSettled(asked)).count())
        .sum();
  }

  /**
   * Asks until everything is answered, {@link #stop} is called or no judge can be asked any more.
   *
   * @return how far each judge is, in the order of the panel
   * @throws UserError if replies cannot be kept
   */
  public List<JudgeSummary> run() {
    try (ExecutorService judges = Executors.newVirtualThreadPerTaskExecutor()) {
      inquiries.forEach(one -> judges.submit(() -> work(one)));
    } // waits for all
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException("asking failed", e);
    }
    return inquiries.stream().map(Inquiry::summary).toList();
  }

  /** Asks nothing more; requests on their way are waited for. May be called by any thread. */
  public void stop() {
    stopping = true;
  }

  private void work(Inquiry inquiry) {
    Semaphore free = new Semaphore(inquiry.concurrency());
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Question question : (Iterable<Question>) inquiry.questions(pairs)::iterator) {
        if (inquiry.isSettled(question)) {
          continue;
        }
        free.acquire();
        if (inquiry.isOver()) {
          break;
        }
        workers.submit(() -> {
          try {
            inquiry.ask(question);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException | Error e) {
            fail(e);
          } finally {
            free.release();
          }
        });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** A fault that concerns all: replies cannot be written, or the program is wrong. */
  private void fail(Throwable e) {
    failure.compareAndSet(null, e);
    stop();
  }
}
