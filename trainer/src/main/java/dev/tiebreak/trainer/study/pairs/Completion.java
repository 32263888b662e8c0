package dev.tiebreak.trainer.study.pairs;

/**
 * A text that a model wrote.
 *
 * @param request what was asked for
 * @param fingerprint hash of all that decides the text: weights, prompt, sampling, random numbers
 * @param text what comes after the prompt, verbatim
 * @param tokens how many it took
 * @param ended whether the model ended the text itself; if not, it was cut at the limit of tokens
 */
public record Completion(
    CompletionRequest request, String fingerprint, String text, int tokens, boolean ended) {}
