/**
 * What votes say, and how surely. {@link dev.tiebreak.trainer.evidence.report.Judgments} makes one
 * table of judgments from votes and a key, {@link dev.tiebreak.trainer.evidence.report.VoteReport}
 * analyses it, {@link dev.tiebreak.trainer.evidence.report.VerdictRule} applies the registered
 * rule, and {@link dev.tiebreak.trainer.evidence.report.ReportFiles} writes the page, the numbers
 * and the tables. {@link dev.tiebreak.trainer.evidence.report.PublishedReport} looks at the totals
 * of the original study.
 *
 * <p>A report is a list of sections of texts, tables and figures: page, JSON and CSV are all
 * written from these, so they cannot contradict each other. Equal votes, plan and seed give equal
 * bytes.
 *
 * <p>Not here: the statistics themselves ({@link dev.tiebreak.trainer.evidence.statistics}),
 * reading votes ({@link dev.tiebreak.trainer.ballot}), drawing ({@link
 * dev.tiebreak.trainer.evidence.chart}). Nothing here needs a model: a table of votes is enough.
 */
package dev.tiebreak.trainer.evidence.report;
