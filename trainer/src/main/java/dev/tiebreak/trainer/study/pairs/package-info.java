/**
 * What judges see, and what they must not: {@link dev.tiebreak.trainer.study.pairs.StudyPairs}
 * writes {@code pairs.jsonl}, {@code key.jsonl} and {@code pairs-manifest.json} of a study.
 *
 * <p>In the order of processing: {@code ModelPair} says whose texts are compared, {@code
 * ControlTemperatures} how hot the control is sampled, {@code CompletionWriter} lets the models
 * write, {@link dev.tiebreak.trainer.study.pairs.TextPair} joins two texts and rules out pairs that
 * nobody need judge, {@link dev.tiebreak.trainer.study.pairs.Blinding} draws ids, sides and order
 * from a secret {@link dev.tiebreak.trainer.ballot.pairs.Salt}, {@link
 * dev.tiebreak.trainer.ballot.pairs.PairKey} keeps whose is whose.
 *
 * <p>No text is used for two pairs: one that recurred would show that it is a control's. Assigning
 * pairs to judges is not done here, nor are duplicates and catch items.
 */
package dev.tiebreak.trainer.study.pairs;
