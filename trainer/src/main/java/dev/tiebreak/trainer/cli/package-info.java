/**
 * The command line: one class per command, options, help, exit codes and what a person reads in the
 * terminal. The work itself is done by the other packages of this module.
 *
 * <p>{@link dev.tiebreak.trainer.cli.Main} knows the commands. A command asks {@link
 * dev.tiebreak.trainer.cli.ConfigOptions} for its configuration, writes to {@link
 * dev.tiebreak.trainer.cli.Terminal}, returns an {@link dev.tiebreak.trainer.cli.ExitCode} and
 * throws {@link dev.tiebreak.trainer.base.UserError} for what the user can mend; {@code Errors}
 * turns whatever is thrown into one line, and into a stack trace only under {@code --debug}.
 */
package dev.tiebreak.trainer.cli;
