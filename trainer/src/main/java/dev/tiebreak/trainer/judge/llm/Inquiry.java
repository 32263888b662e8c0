package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Asks one judge, and keeps what it replies. Safe for several threads. */
final class Inquiry {
  private static final int MOST_TRIES = 6;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final LlmJudge judge;
  private final ChatClient client;
  private final ReplyLog log;
  private final Budget budget;
  private final PanelOptions options;
  private final BooleanSupplier stopping;
  private final AtomicReference<String> ended = new AtomicReference<>();

  Inquiry(
      LlmJudge judge, ReplyLog log, Budget budget, PanelOptions options, BooleanSupplier stopping) {
    this.judge = judge;
    this.client = new ChatClient(judge, options.environment());
    this.log = log;
    this.budget = budget;
    this.options = options;
    this.stopping = stopping;
  }

  int concurrency() {
    return judge.concurrency();
  }

  boolean isOver() {
    return stopping.getAsBoolean() || ended.get() != null;
  }

  private void end(String reason) {
    ended.compareAndSet(null, reason);
  }

  /** All questions about some pairs, in both orders. */
  Stream<Question> questions(List<JudgedPair> pairs) {
    return pairs.stream()
        .flatMap(pair ->
            Stream.of(Question.FIRST, Question.SECOND)
                .map(order -> Question.of(judge, pair, order)));
  }

  JudgeSummary summary() {
    List<Reply> replies =
        log.all().stream().filter(reply -> reply.id().judge().equals(judge.name())).toList();
    List<Vote> votes = Verdicts.votes(replies);
    return new JudgeSummary(
        judge.name(),
        votes.size(),
        votes.stream().filter(vote -> vote.extra().get("consistent").equals("true")).count(),
        Verdicts.withoutVerdict(replies),
        ReplyLog.cost(replies.stream()),
        ReplyLog.cost(replies.stream().filter(Reply::lost)),
        Optional.ofNullable(ended.get()));
  }

  /** Whether nothing is left to be asked about a question. */
  boolean isSettled(Question question) {
    Optional<Reply> first = log.find(question.id(1));
    return first.isPresent()
        && (first.get().verdict().isPresent() || log.find(question.id(2)).isPresent());
  }

  /**
   * Makes sure that what is in the log answers the question that would be asked now.
   *
   * @throws UserError if it was another one
   */
  void requireSame(Question question) {
    Optional<Reply> first = log.find(question.id(1));
    if (first.isPresent() && !first.get().request().equals(Sha256.of(question.body()))) {
      throw new UserError(
          Words.of(
              "judge %s was asked about pair %s in other words, or as another model, before; undo the change, or give the judge a new name",
              judge.name(), question.shown().pair()));
    }
  }

  /** Asks, and asks once more for the format where there is no verdict. */
  void ask(Question question) throws InterruptedException {
    Optional<Reply> first = log.find(question.id(1));
    if (first.isEmpty()) {
      first = request(question, 1, question.body());
    }
    if (first.isPresent() && first.get().verdict().isEmpty()) {
      String said = Answer.of(first.get().body()).orElseThrow().text();
      request(question, 2, question.bodyAgain(said));
    }
  }

  private Optional<Reply> request(Question question, int ask, String body)
      throws InterruptedException {
    BigDecimal most = judge.cost(Question.mostTokens(body), judge.maxTokens());
    String reason = "";
    for (int tries = 1; tries <= MOST_TRIES; tries++) {
      if (isOver()) {
        return Optional.empty();
      }
      if (!budget.reserve(most)) {
        end("the budget does not cover another request");
        return Optional.empty();
      }
      Try one = attempt(question, ask, body, most);
      if (one.isFinal()) {
        return one.reply();
      }
      reason = one.reason();
      Duration wait =
          Backoff.pause(tries, one.retryAfter(), Instant.now(), question.id(ask).toString());
      if (wait.compareTo(LONGEST_WAIT) > 0) {
        end(Words.of("%s, and it asks to wait %,d seconds", reason, wait.toSeconds()));
        return Optional.empty();
      }
      if (tries < MOST_TRIES) {
        options.pause().await(wait);
      }
    }
    end(Words.of("%s, %d times in a row", reason, MOST_TRIES));
    return Optional.empty();
  }

  /** What one try came to: a reply, or a reason to try again, or the end. */
  private record Try(
      Optional<Reply> reply, boolean isFinal, String reason, Optional<String> retryAfter) {
    static Try last(Optional<Reply> reply) {
      return new Try(reply, true, "", Optional.empty());
    }

    static Try again(String reason, Optional<String> retryAfter) {
      return new Try(Optional.empty(), false, reason, retryAfter);
    }
  }

  /** One try; what was set aside for it is settled, whatever happens. */
  private Try attempt(Question question, int ask, String body, BigDecimal most)
      throws InterruptedException {
    BigDecimal cost = most; // unless it is known to be less
    try {
      long start = System.nanoTime();
      ChatClient.Outcome outcome = client.send(body);
      long ms = (System.nanoTime() - start) / 1_000_000;
      return switch (outcome) {
        case ChatClient.Outcome.Received received -> {
          Optional<Answer> answer = Answer.of(received.body());
          cost = answer.filter(Answer::hasUsage).map(this::cost).orElse(most);
          Reply reply = reply(question, ask, body, ms, cost, answer.isEmpty(), received.body());
          log.add(reply);
          options.replied().run();
          yield answer.isPresent()
              ? Try.last(Optional.of(reply))
              : Try.again("its reply is cut or no chat completion", Optional.empty());
        }
        case ChatClient.Outcome.Lost lost -> {
          log.add(reply(question, ask, body, ms, cost, true, lost.reason()));
          yield Try.again(lost.reason(), Optional.empty());
        }
        case ChatClient.Outcome.Later later -> {
          cost = BigDecimal.ZERO;
          yield Try.again(later.reason(), later.retryAfter());
        }
        case ChatClient.Outcome.Rejected rejected -> {
          cost = BigDecimal.ZERO;
          end(rejected.reason());
          yield Try.last(Optional.empty());
        }
      };
    } finally {
      budget.settle(most, cost);
    }
  }

  private BigDecimal cost(Answer answer) {
    return judge.cost(answer.tokensIn().orElseThrow(), answer.tokensOut().orElseThrow());
  }

  private Reply reply(
      Question question,
      int ask,
      String request,
      long ms,
      BigDecimal cost,
      boolean lost,
      String body) {
    return new Reply(
        question.id(ask),
        judge.vendor(),
        judge.model(),
        question.shown().prompt(),
        question.shown().leftId(),
        question.shown().rightId(),
        Rubric.hash(),
        Sha256.of(request),
        Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS),
        ms,
        cost,
        lost,
        body);
  }
}
