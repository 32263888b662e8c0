package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.RunId;

/**
 * One text that a model is to write.
 *
 * @param run the model
 * @param temperature it is sampled at
 * @param prompt number of the prompt in its file, which is its place in the stream of random
 *     numbers
 * @param sample number of the completion of that prompt
 */
public record CompletionRequest(RunId run, double temperature, int prompt, int sample) {}
