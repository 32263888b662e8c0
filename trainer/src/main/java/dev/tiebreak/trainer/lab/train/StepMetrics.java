package dev.tiebreak.trainer.lab.train;

import java.util.Map;

/**
 * What one optimizer step did.
 *
 * @param step its number, from 1: so many steps are done
 * @param tokens that the run has learned from so far
 * @param loss mean plain cross-entropy of the step's tokens before the update, in nats
 * @param shapedLoss mean of what was run backwards; equal to {@code loss} in the baseline
 * @param learningRate of this step
 * @param gradientNorm global norm after layer scaling, before the clip
 * @param clip the factor by which all gradients were multiplied, at most 1
 * @param diagnostics further numbers of gain, scaling and blocks; empty where not logged
 * @param tokensPerSecond since the last logged step, without evaluations and checkpoints
 * @param seconds since the training began, without pauses between resumed parts
 */
public record StepMetrics(
    long step,
    long tokens,
    double loss,
    double shapedLoss,
    double learningRate,
    double gradientNorm,
    double clip,
    Map<String, Double> diagnostics,
    double tokensPerSecond,
    double seconds) {}
