/**
 * The C functions and constants of cuDNN's graph API as jextract writes them, from the allow-list
 * {@code bindings/jextract/cudnn.symbols}.
 *
 * <p>Everything here but this file is generated and never edited; {@code
 * bindings/jextract/extract.sh} makes it anew. Nothing is checked here: no addresses, no statuses.
 * The package is not exported. Library and functions must be there before one is touched, since a
 * class whose initialisation failed stays broken until the process ends.
 */
package dev.tiebreak.bindings.raw.cudnn;
