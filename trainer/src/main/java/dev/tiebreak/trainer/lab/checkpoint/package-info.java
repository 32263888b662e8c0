/**
 * Weights and training states as files. {@link
 * dev.tiebreak.trainer.lab.checkpoint.SafetensorsReader} and {@link
 * dev.tiebreak.trainer.lab.checkpoint.SafetensorsWriter} are the file format; {@link
 * dev.tiebreak.trainer.lab.checkpoint.Checkpoint} is one folder {@code step-0000100} with weights,
 * optimizer and state; {@link dev.tiebreak.trainer.lab.checkpoint.Checkpoints} is the folder of
 * those folders: it finds the latest, adds and prunes.
 *
 * <p>Everything is written so that it is either whole or absent. When to write and what to do with
 * it is decided in the {@code train} package; configs and metrics are not stored here.
 */
package dev.tiebreak.trainer.lab.checkpoint;
