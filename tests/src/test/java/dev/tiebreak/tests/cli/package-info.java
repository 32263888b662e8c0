/**
 * The command line end to end: what a user types, what comes back, what is on the disk then. Most
 * commands run in this process through {@link dev.tiebreak.trainer.cli.Main}; those that are killed
 * or must not write, in a Java of their own.
 *
 * <p>Models are tiny and texts short: this is about the ways through the program, not about what
 * the models learn.
 */
package dev.tiebreak.tests.cli;
