/**
 * What a training run is asked to do: one {@link dev.tiebreak.trainer.lab.config.TrainConfig} of
 * plain records, one record for each section of the TOML file.
 *
 * <p>A configuration is put together in layers: the defaults, a preset, a file of the user's own,
 * an {@link dev.tiebreak.trainer.lab.config.Arm}, single keys from the command line; later layers
 * win. Keys are the names of the record components in snake case, and a compact constructor checks
 * each section's values. A {@link dev.tiebreak.trainer.base.toml.ConfigValueException} names the
 * key, the value and what is allowed.
 *
 * <p>Nothing here computes: the packages that train, estimate and generate read these records.
 */
package dev.tiebreak.trainer.lab.config;
