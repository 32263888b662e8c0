package dev.tiebreak.trainer.lab.train;

/**
 * One evaluation.
 *
 * @param step optimizer steps done before it
 * @param loss mean plain cross-entropy over the validation batches, in nats per token
 * @param seconds since the training began, without pauses between resumed parts
 */
public record EvaluationPoint(long step, double loss, double seconds) {}
