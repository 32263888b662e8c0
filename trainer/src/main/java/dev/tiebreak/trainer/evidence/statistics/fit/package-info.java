/**
 * Numerics that models of votes are fitted with: factorising, minimising, logistic regression, and
 * the Laplace approximation of a mixed one. Plain arrays in and out.
 *
 * <p>Not here: votes. Which columns a model has is decided in {@link
 * dev.tiebreak.trainer.evidence.statistics.votes}.
 */
package dev.tiebreak.trainer.evidence.statistics.fit;
