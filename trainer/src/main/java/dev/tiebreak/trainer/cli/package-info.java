/**
 * The command line: one class per command, options, help, exit codes and what a person reads in the
 * terminal. A command parses, calls a service of another package and prints; what it decides, a
 * program can have without it.
 *
 * <p>{@link dev.tiebreak.trainer.cli.Main} knows the commands. A command is an {@code Action}; it
 * asks {@code ConfigOptions} for its configuration, writes to {@link
 * dev.tiebreak.trainer.cli.Terminal} and returns an {@link dev.tiebreak.trainer.cli.ExitCode}. What
 * the user can mend is a {@link dev.tiebreak.trainer.base.UserError}, in terms of keys and files;
 * {@code Errors} makes it one line, {@code Remedies} adds the options and commands that help, and a
 * stack trace comes only under {@code --debug}.
 *
 * <p>To add a command: write its class, name it among the subcommands of {@code Main}, {@code
 * StudyCommand} or {@code JudgeCommand}, and in {@code HelpTest}. Options of help and the heading
 * of examples are the same for all and come from {@code Main}.
 */
package dev.tiebreak.trainer.cli;
