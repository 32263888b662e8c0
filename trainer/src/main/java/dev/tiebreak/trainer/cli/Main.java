package dev.tiebreak.trainer.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code tiebreak} command. */
@Command(
    name = "tiebreak",
    description = "Trains paired language models and asks whether people can tell them apart.",
    mixinStandardHelpOptions = true,
    version = "tiebreak 0.1.0")
public final class Main implements Runnable {
  private Main() {}

  /**
   * Runs one command and exits with its code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
