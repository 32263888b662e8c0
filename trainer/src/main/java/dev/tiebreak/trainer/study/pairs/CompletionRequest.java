package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.RunId;

/**
 * One text that a model is to write.
 *
 * @param prompt number of the prompt in its file, which is its place in the stream of random
 *     numbers
 * @param sample number of the completion of that prompt
 */
public record CompletionRequest(RunId run, double temperature, int prompt, int sample) {}
