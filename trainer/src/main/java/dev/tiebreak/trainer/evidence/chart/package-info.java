/**
 * Figures as SVG text, for screen and print: {@link dev.tiebreak.trainer.evidence.chart.LinePlot}
 * for what changes over steps, {@link dev.tiebreak.trainer.evidence.chart.DotPlot} for single
 * figures of several groups with their intervals, and {@link
 * dev.tiebreak.trainer.evidence.chart.TextChart} for a terminal. {@link
 * dev.tiebreak.trainer.evidence.chart.Svg}, {@link dev.tiebreak.trainer.evidence.chart.Axis} and
 * {@link dev.tiebreak.trainer.evidence.chart.Palette} are what they are drawn with.
 *
 * <p>Light background, colours that colour-blind people can tell apart, and never colour alone:
 * curves are dashed in different ways, too. Equal data give equal bytes. Figures name no fonts but
 * the viewer's sans-serif, so widths of texts are estimates with room to spare.
 *
 * <p>Not here: where the numbers come from and what they mean.
 */
package dev.tiebreak.trainer.evidence.chart;
