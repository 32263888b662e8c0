/**
 * What every wing shares.
 *
 * <ul>
 *   <li>Mistakes of the user: {@link dev.tiebreak.trainer.base.UserError}, the checks that throw it
 *       ({@link dev.tiebreak.trainer.base.Check}), several in one table ({@link
 *       dev.tiebreak.trainer.base.Faults}).
 *   <li>File formats: {@link dev.tiebreak.trainer.base.Artifact} for a file that holds one record,
 *       {@link dev.tiebreak.trainer.base.JsonLines} for one that holds a record in each line. Both
 *       are spelled as {@link dev.tiebreak.trainer.base.Json} says. A new format is a record and a
 *       constant beside it; who reads it and who writes it use that constant.
 *   <li>Files that are whole or absent ({@link dev.tiebreak.trainer.base.AtomicFiles}), that grow
 *       ({@link dev.tiebreak.trainer.base.LineWriter}, {@link
 *       dev.tiebreak.trainer.base.DurableLines}), that others wrote ({@link
 *       dev.tiebreak.trainer.base.TextFiles}), and whoever works on them alone ({@link
 *       dev.tiebreak.trainer.base.LockFile}).
 *   <li>Hashes, names, words with numbers in them ({@link dev.tiebreak.trainer.base.Words}).
 * </ul>
 *
 * <p>Nothing here knows tensors, texts, votes or commands.
 */
package dev.tiebreak.trainer.base;
