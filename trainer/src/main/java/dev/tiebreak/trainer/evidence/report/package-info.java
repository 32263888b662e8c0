/**
 * What votes say, and how surely. {@link dev.tiebreak.trainer.evidence.report.Judgments} makes one
 * table of judgments from votes and a key, {@link dev.tiebreak.trainer.evidence.report.VoteReport}
 * analyses it, and {@link dev.tiebreak.trainer.evidence.report.VerdictRule} applies the registered
 * rule. {@link dev.tiebreak.trainer.evidence.report.PublishedReport} looks at the totals of the
 * original study.
 *
 * <p>A report is a {@link dev.tiebreak.trainer.evidence.document.Document}: a new section is a
 * class that makes one from an {@link dev.tiebreak.trainer.evidence.report.Analysis}, and its line
 * in {@link dev.tiebreak.trainer.evidence.report.VoteReport}. Equal votes, plan and seed give equal
 * bytes.
 *
 * <p>The words: a <em>vote</em> is what a judge said of two sides; a <em>ballot</em> is the same in
 * numbers, with the treatment's side known; a <em>judgment</em> is both; a <em>comparison</em> has
 * all judgments of a treatment against a control; a <em>stratum</em> is a comparison as one kind of
 * judges sees it; a <em>tally</em> counts ballots; the <em>verdict</em> is what the registered rule
 * says of them all.
 *
 * <p>Not here: the statistics themselves ({@link dev.tiebreak.trainer.evidence.statistics}),
 * reading votes ({@link dev.tiebreak.trainer.ballot}), drawing ({@link
 * dev.tiebreak.trainer.evidence.chart}). Nothing here needs a model: a table of votes is enough.
 */
package dev.tiebreak.trainer.evidence.report;
