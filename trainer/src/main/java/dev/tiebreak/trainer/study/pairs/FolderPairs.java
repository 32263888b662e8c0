package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.ballot.protocol.ControlSeed;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.study.Prompt;
import dev.tiebreak.trainer.study.StudyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Pairs of texts that other programs wrote: two folders with files of equal names, one of the
 * treatment's texts and one of the control's, which are called as their folders. A pair is called
 * as its files, without what the name ends in; its prompt as that without {@code _3} or {@code -3}
 * at its end, the number of the completion. Words stand for tokens.
 */
public final class FolderPairs {
  private static final String COMPARISON = "h1";

  private FolderPairs() {}

  /**
   * Makes the pairs of a folder.
   *
   * @param overwrite whether pairs that differ may be replaced
   * @param salt to reproduce pairs with; empty for the one in the key, or a new one
   * @throws UserError if the folders do not hold the same names, or there are other pairs already
   */
  public static PairsManifest make(
      StudyFolder folder, Path treatment, Path control, Optional<Salt> salt, boolean overwrite) {
    Map<String, String> treated = texts(treatment);
    Map<String, String> controls = texts(control);
    requireNames(treatment, treated, controls, control);
    requireNames(control, controls, treated, treatment);
    Comparison comparison =
        new Comparison(
            COMPARISON, name(treatment), name(control), ControlTemperature.SAME, ControlSeed.SAME);
    Check.user(!comparison.isSameArm(), "both folders are called %s; rename one", name(treatment));
    Map<String, TextPair> pairs = new LinkedHashMap<>();
    treated.forEach((id, text) ->
        pairs.put(
            id,
            new TextPair(
                comparison,
                prompt(id.replaceFirst("[_-]\\d+$", "")),
                completion(comparison.treatment(), id, text),
                completion(comparison.control(), id, controls.get(id)))));
    create(folder.path());
    PairFiles files = new PairFiles(folder, overwrite);
    try (LockFile _ = files.lock()) {
      return write(pairs, files, files.salt(salt));
    }
  }

  private static PairsManifest write(Map<String, TextPair> pairs, PairFiles files, Salt salt) {
    Map<TextPair, String> ids = new HashMap<>();
    pairs.forEach((id, pair) -> ids.put(pair, id));
    Map<String, ShownPair> shown = new LinkedHashMap<>();
    for (ShownPair one : Blinding.of(pairs.values(), salt)) {
      String id = ids.get(one.pair());
      shown.put(
          id,
          new ShownPair(one.pair(), id, one.treatmentId(), one.controlId(), one.treatmentLeft()));
    }
    List<ShownPair> all = List.copyOf(shown.values());
    List<KeyEntry> entries = new ArrayList<>();
    pairs.forEach((id, pair) -> entries.add(pair.keyEntry(id, Optional.ofNullable(shown.get(id)))));
    String none = Sha256.of(""); // there is neither a plan nor a file of prompts
    PairKey key = new PairKey(salt, none, none, Sha256.of(PairFiles.lines(all)), entries);
    PairsManifest manifest = PairsManifest.of(key, Map.of());
    files.write(key, all, manifest);
    return manifest;
  }

  /** A prompt of which the name is all that is known; judges are shown it in the text's place. */
  private static Prompt prompt(String id) {
    return new Prompt(id, "given", id);
  }

  private static Completion completion(String arm, String id, String text) {
    Map<String, Integer> words = new HashMap<>();
    int[] numbers =
        Stream.of(text.strip().split("\\s+"))
            .filter(word -> !word.isEmpty())
            .mapToInt(word -> words.computeIfAbsent(word, _ -> words.size()))
            .toArray();
    return new Completion(
        new RunId(arm, 1), // one folder holds the texts of one model
        1,
        id,
        0,
        text,
        TextStatistics.of(numbers, true),
        Sha256.of(arm + '\0' + id + '\0' + text));
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /** The texts of a folder, by the names of their files without what they end in. */
  private static Map<String, String> texts(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(FolderPairs::isText).sorted().toList()) {
        String id = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        Check.user(
            texts.put(id, TextFiles.read(file, "the text")) == null,
            "two files of %s are called %s; a pair has one text of each folder",
            folder,
            id);
      }
    } catch (IOException e) {
      throw UserError.io("read the texts", folder, e);
    }
    Check.user(!texts.isEmpty(), "there are no texts in %s; it holds a file for each", folder);
    return texts;
  }

  private static boolean isText(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }

  private static void requireNames(
      Path folder, Map<String, String> names, Map<String, String> others, Path other) {
    List<String> alone = names.keySet().stream().filter(id -> !others.containsKey(id)).toList();
    Check.user(
        alone.isEmpty(),
        "%d texts of %s are not in %s: %s; each text needs one of the same name there",
        alone.size(),
        folder,
        other,
        String.join(", ", alone.subList(0, Math.min(5, alone.size()))));
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw UserError.io("make the folder", folder, e);
    }
  }
}
