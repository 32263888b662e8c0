/**
 * From text to token ids and back.
 *
 * <p>A {@link dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec} is what a user asks for ({@code
 * bytes}, {@code chars}, {@code bpe:4096}, {@code gpt2}); trained on a text it becomes a {@link
 * dev.tiebreak.trainer.lab.tokenizer.Tokenizer}, which is saved as one JSON file so that a run
 * folder needs nothing else to read and write text. Reading order: {@code Tokenizer}, {@code
 * WordSplitter}, {@code BpeTrainer}, {@code BpeTokenizer}.
 *
 * <p>Where text comes from and where tokens go is the business of the {@code data} package.
 */
package dev.tiebreak.trainer.lab.tokenizer;
