/**
 * Text from a trained model: {@link dev.tiebreak.trainer.lab.generate.Generator} continues a prompt
 * token by token, {@link dev.tiebreak.trainer.lab.generate.Decoder} runs the model with a key/value
 * cache, {@link dev.tiebreak.trainer.lab.generate.Sampler} picks each token.
 *
 * <p>Random numbers are addressed by seed, prompt, sample and position, not by what was drawn
 * before: two models given the same addresses face the same luck, which is what a comparison of
 * twins needs.
 *
 * <p>Not here: training and loading of models (package {@code train}), and what to print around the
 * text (package {@code cli}).
 */
package dev.tiebreak.trainer.lab.generate;
