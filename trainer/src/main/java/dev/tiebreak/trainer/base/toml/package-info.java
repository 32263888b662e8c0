/**
 * TOML files as records of records. {@link dev.tiebreak.trainer.base.toml.TomlLayers} puts the
 * values of several files together, later over earlier, and binds them; a {@link
 * dev.tiebreak.trainer.base.toml.Schema} knows the keys from the records' components; {@link
 * dev.tiebreak.trainer.base.toml.KeyCheck} holds the checks that compact constructors share; a
 * {@link dev.tiebreak.trainer.base.toml.ConfigValueException} names the key, the value and what is
 * allowed.
 *
 * <p>Not here: any key. Those are the components of the records of other packages.
 */
package dev.tiebreak.trainer.base.toml;
