/**
 * From what a user names as {@code --text} to batches of token ids.
 *
 * <p>In the order of processing: {@link dev.tiebreak.trainer.lab.data.TextSource} reads files,
 * folders and the JDK's own documentation as UTF-8 text; {@link
 * dev.tiebreak.trainer.lab.data.Dataset} encodes it once and keeps the tokens, the tokenizer and a
 * manifest of hashes in a folder; {@link dev.tiebreak.trainer.lab.data.TokenFile} maps those tokens
 * into memory; {@link dev.tiebreak.trainer.lab.data.Batches} says which tokens each training step
 * sees and {@link dev.tiebreak.trainer.lab.data.Evaluation} which ones measure it. The {@code
 * Javadoc} classes clean the JDK's comments to prose.
 *
 * <p>B is the batch size in sequences, T the sequence length in tokens. How text becomes tokens is
 * the business of the {@code tokenizer} package; nothing here knows models, and only {@link
 * dev.tiebreak.trainer.lab.data.TokenBatch} knows tensors.
 */
package dev.tiebreak.trainer.lab.data;
