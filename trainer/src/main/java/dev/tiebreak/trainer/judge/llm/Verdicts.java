package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From replies to votes, and from nothing but replies: the same replies, in whatever order they
 * came, give the same votes. A judge has a vote on a pair if there is a verdict in both orders. The
 * vote stands as in the file of pairs; verdicts that differ once sides are exchanged back make it
 * {@code same}. Further columns: {@code raw_first} and {@code raw_second}, the verdicts by sides as
 * shown, {@code consistent}, {@code model}, {@code rubric_sha256}.
 */
public final class Verdicts {
  private Verdicts() {}

  /** A judge and a pair, in the order of votes. */
  private record Case(String judge, String pair) {
    static final Comparator<Case> ORDER =
        Comparator.comparing(Case::judge).thenComparing(Case::pair);
  }

  /** The votes in a log, sorted by judge and pair. */
  public static List<Vote> votes(ReplyLog log) {
    return votes(log.all());
  }

  static List<Vote> votes(List<Reply> replies) {
    return cases(replies).values().stream().flatMap(settled -> vote(settled).stream()).toList();
  }

  /** How many pairs a judge was asked about twice in an order, without ever a verdict. */
  static long withoutVerdict(List<Reply> replies) {
    return cases(replies).values().stream()
        .filter(settled ->
            settled.values().stream()
                .anyMatch(reply -> reply.id().ask() == 2 && reply.verdict().isEmpty()))
        .count();
  }

  /** For each case the reply that counts in each order: the first with a verdict, else the last. */
  private static Map<Case, Map<Integer, Reply>> cases(List<Reply> replies) {
    Map<Case, Map<Integer, Reply>> cases = new TreeMap<>(Case.ORDER);
    for (Reply reply : replies) {
      if (!reply.lost()) {
        cases
            .computeIfAbsent(new Case(reply.id().judge(), reply.id().pair()), _ -> new HashMap<>())
            .merge(reply.id().order(), reply, Verdicts::counting);
      }
    }
    return cases;
  }

  private static Reply counting(Reply one, Reply other) {
    Reply earlier = one.id().ask() <= other.id().ask() ? one : other;
    Reply later = earlier == one ? other : one;
    return earlier.verdict().isPresent() ? earlier : later;
  }

  private static Optional<Vote> vote(Map<Integer, Reply> settled) {
    return withVerdict(settled.get(Question.FIRST))
        .flatMap(
            first -> withVerdict(settled.get(Question.SECOND)).map(second -> vote(first, second)));
  }

  private static Optional<Reply> withVerdict(Reply reply) {
    return Optional.ofNullable(reply).filter(one -> one.verdict().isPresent());
  }

  private static Vote vote(Reply first, Reply second) {
    Choice rawFirst = first.verdict().orElseThrow();
    Choice rawSecond = second.verdict().orElseThrow();
    boolean consistent = rawFirst == rawSecond.swapped();
    Instant at = first.at().isAfter(second.at()) ? first.at() : second.at();
    return Vote.by(first.id().judge(), JudgeKind.MODEL, consistent ? rawFirst : Choice.SAME)
        .on(first.prompt(), first.id().pair())
        .sides(first.leftId(), first.rightId())
        .at(at)
        .vendor(first.vendor())
        .extra("raw_first", rawFirst.label())
        .extra("raw_second", rawSecond.label())
        .extra("consistent", Boolean.toString(consistent))
        .extra("model", first.model())
        .extra("rubric_sha256", first.rubric());
  }
}
