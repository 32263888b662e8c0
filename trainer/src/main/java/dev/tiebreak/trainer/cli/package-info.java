/**
 * The command line: one class per command, options, help, exit codes and what a person reads in the
 * terminal. The work itself is done by the other packages of this module.
 */
package dev.tiebreak.trainer.cli;
