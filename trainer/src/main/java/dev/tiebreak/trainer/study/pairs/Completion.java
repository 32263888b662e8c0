package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.TextStatistics;

/**
 * A text that a model wrote.
 *
 * @param request what was asked for
 * @param fingerprint hash of all that decides the text: weights, prompt, sampling, random numbers
 * @param text what comes after the prompt, verbatim
 * @param statistics how long it is, whether the model ended it, how much it repeats itself
 */
public record Completion(
    CompletionRequest request, String fingerprint, String text, TextStatistics statistics) {}
