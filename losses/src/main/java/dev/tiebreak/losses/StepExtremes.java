package dev.tiebreak.losses;

/**
 * What of a step may not go beyond limits, over all its micro-batches.
 *
 * @param weight the weight of a token that is farthest from 0
 * @param variance the smallest variance of the losses of a micro-batch, in square nats
 * @param factor the largest factor of a block; 1 without a layer scaling
 */
public record StepExtremes(double weight, double variance, double factor) {}
