/**
 * Studies drawn at random: {@link dev.tiebreak.trainer.evidence.statistics.power.VerdictSimulation}
 * says beforehand what judgments of a design can show, {@link
 * dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation} what its losses can, {@link
 * dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation} afterwards what published totals
 * are compatible with.
 *
 * <p>Not here: analyses of votes that were given.
 */
package dev.tiebreak.trainer.evidence.statistics.power;
