package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The three files that come of a study's texts. Once they are whole they are not replaced by others
 * unless that is asked for: judgments name the ids in them.
 */
final class PairFiles {
  private static final String LOCK = ".pairs.lock";

  private final StudyFolder folder;
  private final boolean overwrite;

  /**
   * @param overwrite whether files that say something else may be replaced
   */
  PairFiles(StudyFolder folder, boolean overwrite) {
    this.folder = folder;
    this.overwrite = overwrite;
  }

  /**
   * Keeps others out until it is closed.
   *
   * @throws UserError if somebody is at work
   */
  LockFile lock() {
    return LockFile.tryTake(folder.path().resolve(LOCK))
        .orElseThrow(() ->
            new UserError(
                Words.of("another process makes the pairs of %s; wait for it", folder.path())));
  }

  /**
   * The salt to use; a new one is on the disk when this returns.
   *
   * @param wanted by the user, if it matters
   */
  Salt salt(Optional<Salt> wanted) {
    Optional<Salt> there = PairKey.saltIn(folder.key());
    if (there.isPresent()) {
      boolean other = wanted.filter(salt -> !salt.hex().equals(there.get().hex())).isPresent();
      if (!other) {
        return there.get();
      }
      refuse(folder.key(), "has another salt");
    }
    Salt salt = wanted.orElseGet(Salt::random);
    if (!PairKey.isComplete(folder.key())) { // a whole key is replaced by a whole one only
      PairKey.begin(folder.key(), salt);
    }
    return salt;
  }

  /** Writes what is not there yet: the key first, the manifest last. */
  void write(PairKey key, List<ShownPair> shown, PairsManifest manifest) {
    String pairs = lines(shown);
    if (PairKey.isComplete(folder.key())) {
      requireSame(folder.key(), key.text());
    }
    if (Files.exists(folder.pairs())) {
      requireSame(folder.pairs(), pairs);
    }
    if (Files.exists(folder.pairsManifest())) {
      requireSame(folder.pairsManifest(), PairsManifest.FORMAT.text(manifest));
    }
    PairKey.write(folder.key(), key.text());
    TextFiles.write(folder.pairs(), pairs, "the pairs");
    PairsManifest.FORMAT.write(folder.pairsManifest(), manifest);
  }

  /** The content of the judges' file. */
  static String lines(List<ShownPair> shown) {
    return JudgedPair.FORMAT.text(shown.stream().map(ShownPair::judged).toList());
  }

  private void requireSame(Path file, String text) {
    if (!Sha256.of(file).equals(Sha256.of(text))) {
      refuse(file, "says something else than plan, prompts and runs give now");
    }
  }

  private void refuse(Path file, String why) {
    if (!overwrite) {
      throw new UserError(
          Words.of(
              "%s %s; judgments that name its ids would mean nothing any more: undo the change, or make all pairs anew",
              file, why),
          Remedy.parameter("overwrite"));
    }
  }
}
