package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * How far a judge is.
 *
 * @param votes pairs with a verdict in both orders
 * @param consistent of these, pairs whose verdict survived the swap
 * @param withoutVerdict pairs where the judge gave none in some order, though it was asked again
 * @param cost of all its requests so far, those of earlier runs too
 * @param uncertain part of the cost that is for requests whose reply was lost: at most this
 * @param ended why it stopped before its last pair; empty if it did not
 */
public record JudgeSummary(
    String judge,
    long votes,
    long consistent,
    long withoutVerdict,
    BigDecimal cost,
    BigDecimal uncertain,
    Optional<String> ended) {
  public static String table(List<JudgeSummary> judges) {
    StringBuilder text = new StringBuilder();
    String head = "%-24s %7s %11s %10s %14s\n";
    text.append(Words.of(head, "judge", "votes", "consistent", "no verdict", "cost"));
    BigDecimal uncertain = BigDecimal.ZERO;
    for (JudgeSummary one : judges) {
      text.append(
          Words.of(
              "%-24s %,7d %,11d %,10d %14s\n",
              one.judge, one.votes, one.consistent, one.withoutVerdict, one.cost.toPlainString()));
      uncertain = uncertain.add(one.uncertain);
    }
    if (uncertain.signum() > 0) {
      text.append(
          Words.of(
              "Of the cost, up to %s is for replies that were lost on their way.\n",
              uncertain.setScale(6, RoundingMode.UP).toPlainString()));
    }
    return text.toString();
  }
}
