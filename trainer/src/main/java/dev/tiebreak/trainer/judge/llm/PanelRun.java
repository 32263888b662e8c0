package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks every judge of a panel about every pair, in both orders, and asks nothing that the log
 * already has a reply to. Judges work side by side, each on as many questions as its entry allows.
 * One that fails ends alone; what was replied is kept.
 */
public final class PanelRun {
  private final List<JudgedPair> pairs;
  private final Panel panel;
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
    this.panel = panel;
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
    for (int i = 0; i < inquiries.size(); i++) {
      questions(panel.judges().get(i)).forEach(inquiries.get(i)::requireSame);
    }
  }

  private Stream<Question> questions(LlmJudge judge) {
    return pairs.stream()
        .flatMap(pair ->
            Stream.of(Question.FIRST, Question.SECOND)
                .map(order -> Question.of(judge, pair, order)));
  }

  /** Requests that are still to be made, not counting those for the format. */
  public long open() {
    long open = 0;
    for (int i = 0; i < inquiries.size(); i++) {
      Inquiry inquiry = inquiries.get(i);
      open += questions(panel.judges().get(i)).filter(one -> !inquiry.isSettled(one)).count();
    }
    return open;
  }

  /**
   * Asks until everything is answered, {@link #stop} is called or no judge can be asked any more.
   *
   * @return how far each judge is, in the order of the panel
   * @throws UserError if replies cannot be kept
   */
  public List<JudgeSummary> run() {
    try (ExecutorService judges = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < inquiries.size(); i++) {
        int index = i;
        judges.submit(() -> work(panel.judges().get(index), inquiries.get(index)));
      }
    } // waits for all
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException("asking failed", e);
    }
    return summaries();
  }

  /** Asks nothing more; requests on their way are waited for. May be called by any thread. */
  public void stop() {
    stopping = true;
  }

  private void work(LlmJudge judge, Inquiry inquiry) {
    Semaphore free = new Semaphore(judge.concurrency());
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Question question : (Iterable<Question>) questions(judge)::iterator) {
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

  private List<JudgeSummary> summaries() {
    List<JudgeSummary> summaries = new ArrayList<>();
    for (int i = 0; i < inquiries.size(); i++) {
      String name = panel.judges().get(i).name();
      List<Reply> replies =
          log.all().stream().filter(reply -> reply.id().judge().equals(name)).toList();
      List<Vote> votes = Verdicts.votes(replies);
      summaries.add(
          new JudgeSummary(
              name,
              votes.size(),
              votes.stream().filter(vote -> vote.extra().get("consistent").equals("true")).count(),
              Verdicts.withoutVerdict(replies),
              cost(replies.stream()),
              cost(replies.stream().filter(Reply::lost)),
              inquiries.get(i).ended()));
    }
    return summaries;
  }

  private static BigDecimal cost(Stream<Reply> replies) {
    return replies.map(Reply::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
