/**
 * Judges that are rules: for tests of the whole pipeline and for studies of power. {@link
 * dev.tiebreak.trainer.judge.scripted.ScriptedPanel} lets them judge; they say nothing about texts.
 */
package dev.tiebreak.trainer.judge.scripted;
