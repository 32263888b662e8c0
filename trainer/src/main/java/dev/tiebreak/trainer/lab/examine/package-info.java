/**
 * What can be said about a trained model beyond its loss, without training it further.
 *
 * <p>{@link dev.tiebreak.trainer.lab.examine.Examiner} runs a model over a run's evaluation batches
 * and gives an {@link dev.tiebreak.trainer.lab.examine.Examination}: entropy, temperature,
 * calibration, losses by frequency and difficulty of the token; and the {@link
 * dev.tiebreak.trainer.lab.examine.ValidationTokens}, for tests that pair two models token by
 * token. {@link dev.tiebreak.trainer.lab.examine.EntropyMatch} finds the sampling temperature at
 * which one model is as uncertain as another, {@link
 * dev.tiebreak.trainer.lab.examine.ModelDistance} says how far apart two are, {@link
 * dev.tiebreak.trainer.ballot.pairs.TextStatistics} how much a text repeats itself.
 *
 * <p>Everything is given models, tokens and files; run folders are opened by the callers.
 * Statistics over judgments are not here. Shapes: W windows of T tokens, in batches of B.
 */
package dev.tiebreak.trainer.lab.examine;
