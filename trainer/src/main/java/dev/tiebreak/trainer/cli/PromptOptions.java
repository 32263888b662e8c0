package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.generate.PromptLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say what to continue. */
final class PromptOptions {
  @Option(
      names = "--prompt",
      paramLabel = "<text>",
      description = "A text to continue; may be given several times.")
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = "--prompts",
      paramLabel = "<file>",
      description = "A file with one prompt per line; empty lines are left out.")
  private Path promptFile;

  /** All prompts, those of the file last; at least one. */
  List<String> all() {
    List<String> all = new ArrayList<>(prompts);
    if (promptFile != null) {
      all.addAll(PromptLines.read(promptFile));
    }
    Check.user(
        !all.isEmpty(), "nothing to continue; give --prompt \"some text\" or --prompts <file>");
    return all;
  }
}
