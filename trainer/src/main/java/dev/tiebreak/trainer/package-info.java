/**
 * What every part of the trainer shares: how a mistake of the user is reported ({@link
 * dev.tiebreak.trainer.UserError}) and how a file is written so that it is either whole or absent
 * ({@link dev.tiebreak.trainer.AtomicFiles}).
 *
 * <p>Everything a user does lives in the packages below this one: {@code data}, {@code tokenizer},
 * {@code train}, {@code generate}, {@code cli}. Nothing here knows about tensors or text.
 */
package dev.tiebreak.trainer;
