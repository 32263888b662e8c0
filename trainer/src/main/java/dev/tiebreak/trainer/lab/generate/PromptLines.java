package dev.tiebreak.trainer.lab.generate;

import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A text file with one prompt per line. */
public final class PromptLines {
  private PromptLines() {}

  /**
   * Reads the prompts; lines with nothing but white space are left out.
   *
   * @throws UserError if the file cannot be read or is not UTF-8
   */
  public static List<String> read(Path file) {
    try {
      return TextFiles.withoutMark(Files.readString(file))
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (CharacterCodingException e) {
      throw new UserError("the prompts in " + file + " are not UTF-8; convert them", e);
    } catch (IOException e) {
      throw UserError.io("read the prompts", file, e);
    }
  }
}
