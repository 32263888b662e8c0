/**
 * OpenBLAS's C functions as jextract writes them, from the allow-list {@code
 * bindings/jextract/cblas.symbols}.
 *
 * <p>Everything here but this file is generated and never edited; {@code
 * bindings/jextract/extract.sh} makes it anew and {@code extract.sh --check} shows any difference.
 * Nothing is checked here: no sizes, no results. The package is not exported, and only {@link
 * dev.tiebreak.bindings.OpenBlas} may touch it, after it has loaded the library: the generated
 * classes look their functions up when they are initialised, and a class whose initialisation
 * failed stays broken until the process ends.
 */
package dev.tiebreak.bindings.raw.cblas;
