/**
 * Studies drawn at random: {@link dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation}
 * says beforehand what a design can show, {@link
 * dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation} afterwards what published totals
 * are compatible with.
 *
 * <p>Not here: analyses of votes that were given.
 */
package dev.tiebreak.trainer.evidence.statistics.power;
