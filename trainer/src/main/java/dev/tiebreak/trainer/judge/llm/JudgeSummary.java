package dev.tiebreak.trainer.judge.llm;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How far a judge is.
 *
 * @param judge its name
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
    Optional<String> ended) {}
