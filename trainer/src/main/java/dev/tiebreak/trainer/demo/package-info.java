/**
 * The five-minute tour: twins trained on the same text from the same weights, one with plain
 * cross-entropy and one with both shapings, their curves in one chart, and what each writes for the
 * same prompts.
 *
 * <p>{@link dev.tiebreak.trainer.demo.Twins} trains and proves that they started equal; {@link
 * dev.tiebreak.trainer.demo.CurveChart} and {@link dev.tiebreak.trainer.demo.CurvePlot} draw;
 * {@link dev.tiebreak.trainer.demo.PairedSamples} writes.
 *
 * <p>One pair of models is an illustration, not evidence. Not here: studies over seeds and arms,
 * and judging (packages of their own).
 */
package dev.tiebreak.trainer.demo;
