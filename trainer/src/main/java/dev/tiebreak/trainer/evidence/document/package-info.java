/**
 * A document before it is written: a title, what was read, and sections of texts, facts, tables and
 * figures ({@link dev.tiebreak.trainer.evidence.document.Document}). Everything that people read of
 * votes, trainings and machines is one, and every file is written from it, so that files cannot
 * contradict each other: {@link dev.tiebreak.trainer.evidence.document.Html}, {@link
 * dev.tiebreak.trainer.evidence.document.Markdown}, {@link
 * dev.tiebreak.trainer.evidence.document.Plain} for a terminal, {@link
 * dev.tiebreak.trainer.evidence.document.Json} and {@link
 * dev.tiebreak.trainer.evidence.document.Csv} with all digits. {@link
 * dev.tiebreak.trainer.evidence.document.Format} is the one place that rounds.
 *
 * <p>Equal documents give equal bytes, whatever the machine, its locale and its clock.
 *
 * <p>Not here: what stands in a document, and how figures are drawn ({@link
 * dev.tiebreak.trainer.evidence.chart}).
 */
package dev.tiebreak.trainer.evidence.document;
