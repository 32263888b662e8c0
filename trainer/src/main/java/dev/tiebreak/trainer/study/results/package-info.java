/**
 * What came out of a study's trainings: {@link dev.tiebreak.trainer.study.results.StudyResults}
 * reads the runs, {@link dev.tiebreak.trainer.study.results.LossAnalysis} compares the arms'
 * validation losses with the baseline's, {@link dev.tiebreak.trainer.study.results.LossReport} says
 * what came out, and {@link dev.tiebreak.trainer.study.results.StudySummary} puts everything on one
 * page, in sections. Both are {@link dev.tiebreak.trainer.evidence.document.Document}s, and the
 * figures' captions stand here, with the figures.
 *
 * <p>Equal folders give equal bytes: nothing here looks at the clock or writes an absolute path.
 *
 * <p>Not here: the tests themselves ({@link dev.tiebreak.trainer.evidence.statistics}), how figures
 * are drawn ({@link dev.tiebreak.trainer.evidence.chart}), and what judges say.
 */
package dev.tiebreak.trainer.study.results;
