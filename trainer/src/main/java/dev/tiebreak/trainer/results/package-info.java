/**
 * What came out of a study's trainings: {@link dev.tiebreak.trainer.results.StudyResults} reads the
 * runs, {@link dev.tiebreak.trainer.results.LossAnalysis} compares the arms' validation losses with
 * the baseline's, {@link dev.tiebreak.trainer.results.LossReport} says what came out, {@link
 * dev.tiebreak.trainer.results.LossFiles} writes it, and {@link
 * dev.tiebreak.trainer.results.SummaryFiles} puts all figures on one page.
 *
 * <p>Equal folders give equal bytes: nothing here looks at the clock or writes an absolute path.
 *
 * <p>Not here: the tests themselves ({@link dev.tiebreak.trainer.statistics}), how figures are
 * drawn ({@link dev.tiebreak.trainer.chart}), and what judges say.
 */
package dev.tiebreak.trainer.results;
