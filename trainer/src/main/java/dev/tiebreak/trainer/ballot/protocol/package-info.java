/**
 * What is settled before anybody judges: which arms are compared ({@link
 * dev.tiebreak.trainer.ballot.protocol.Comparison}), how pairs are given to judges ({@link
 * dev.tiebreak.trainer.ballot.protocol.JudgingPlan}) and how votes are analysed ({@link
 * dev.tiebreak.trainer.ballot.protocol.AnalysisPlan}): sections of a study's plan.
 */
package dev.tiebreak.trainer.ballot.protocol;
