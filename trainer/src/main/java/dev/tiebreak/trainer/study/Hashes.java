package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Path;

/** Hashes of files that must be there. */
final class Hashes {
  private Hashes() {}

  /** SHA-256 of a file's bytes. */
  static String of(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw UserError.io("read", file, e);
    }
  }
}
