/**
 * What judges see, and what they must not: {@link dev.tiebreak.trainer.study.pairs.StudyPairs}
 * writes {@code pairs.jsonl}, {@code key.jsonl} and {@code pairs-manifest.json} of a study.
 *
 * <p>In the order of processing: {@code ModelPair} says whose texts are compared, {@code
 * ControlTemperatures} how hot the control is sampled, {@code CompletionWriter} lets the models
 * write, {@link dev.tiebreak.trainer.study.pairs.TextPair} joins two texts and rules out pairs that
 * nobody need judge, {@link dev.tiebreak.trainer.study.pairs.Blinding} draws ids, sides and order
 * from a secret {@link dev.tiebreak.trainer.study.pairs.Salt}, {@link
 * dev.tiebreak.trainer.study.pairs.PairKey} keeps whose is whose.
 *
 * <p>What blinding cannot hide: comparisons with the same control show the same control texts, so
 * whoever has the whole file can see which texts recur. A judge must see at most one pair of a
 * prompt. Assigning pairs to judges is not done here, nor are duplicates and catch items.
 */
package dev.tiebreak.trainer.study.pairs;
