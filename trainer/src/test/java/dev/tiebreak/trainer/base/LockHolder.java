package dev.tiebreak.trainer.base;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A process that takes a lock if it can, says so, and holds it until its input ends. */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] arguments) throws IOException {
    Optional<LockFile> lock = LockFile.tryTake(Path.of(arguments[0]));
    System.out.println(lock.isPresent() ? "held" : "busy");
    while (System.in.read() >= 0) {
      // waits for the end
    }
    lock.ifPresent(LockFile::close);
  }
}
