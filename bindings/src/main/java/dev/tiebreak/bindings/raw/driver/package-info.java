/**
 * The CUDA driver's C functions as jextract writes them, from the allow-list {@code
 * bindings/jextract/driver.symbols}.
 *
 * <p>Everything here but this file is generated and never edited; {@code
 * bindings/jextract/extract.sh} makes it anew. Nothing is checked here: no addresses, no statuses.
 * The package is not exported. Library and functions must be there before one is touched, since a
 * class whose initialisation failed stays broken until the process ends. Names end in {@code _v2}
 * and the like wherever the plain name is an older function with another signature.
 */
package dev.tiebreak.bindings.raw.driver;
