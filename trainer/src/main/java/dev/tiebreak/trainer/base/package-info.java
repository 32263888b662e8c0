/**
 * What every wing shares: how a mistake of the user is reported ({@link
 * dev.tiebreak.trainer.base.UserError}), how a file is written so that it is either whole or absent
 * ({@link dev.tiebreak.trainer.base.AtomicFiles}), hashes, words with numbers in them ({@link
 * dev.tiebreak.trainer.base.Words}).
 *
 * <p>Nothing here knows tensors, texts, votes or commands.
 */
package dev.tiebreak.trainer.base;
