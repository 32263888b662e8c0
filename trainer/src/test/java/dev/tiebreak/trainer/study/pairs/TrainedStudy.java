package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.lab.train.TrainListener;
import dev.tiebreak.trainer.lab.train.Trainer;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A study of three arms, one of them a copy of the baseline, with two seeds of a few steps. */
public final class TrainedStudy {
  /** What is compared; more can be appended. */
  private static final String PLAN =
      """
      name = "tiny"
      arms = ["baseline", "strong", "copy"]
      seeds = [1, 2]
      [base]
      extends = "tiny"
      [base.model]
      channels = 16
      sequence_length = 16
      [base.data]
      text = ["TEXT"]
      [base.training]
      steps = 6
      batch = 3
      threads = 1
      [base.optimizer]
      warmup = 2
      [base.evaluation]
      every = 6
      batches = 2
      [arm.strong]
      about = "so strong that six steps matter"
      gain.kind = "precision"
      gain.s = 1.5
      gain.warmup = 0
      [arm.copy]
      about = "the baseline by another name"
      [sampling]
      tokens = 20
      completions = 2
      [comparison.h1]
      treatment = "strong"
      control = "baseline"
      """;

  private static final String PROMPTS =
      """
      {"id": "p-1", "kind": "story", "text": "the lazy dog"}
      {"id": "p-2", "kind": "list", "text": "fox, dog,"}
      {"id": "p-3", "kind": "story", "text": "over"}
      """;

  /** The folder of encoded texts, beside the study. */
  public static final String CACHE = "../cache";

  private TrainedStudy() {}

  /** Makes a study and trains all its runs. */
  public static StudyFolder trained(Path path, String more) {
    StudyFolder folder = new StudyFolder(path);
    try {
      Files.createDirectories(path);
      Path text = path.resolveSibling("fox.txt");
      Files.writeString(text, "the quick brown fox jumps over the lazy dog; ".repeat(60));
      Files.writeString(folder.plan(), PLAN.replace("TEXT", text.toString()) + more);
      Files.writeString(folder.prompts(), PROMPTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    StudyPlan plan = StudyPlan.read(folder.plan());
    for (RunId id : plan.runs()) {
      TrainConfig config = plan.config(id);
      try (Dataset data = PreparedText.open(config.data(), path.resolve(CACHE), _ -> {});
          HeldRun run = HeldRun.open(folder.run(id), HeldRun.Mode.NEW)) {
        new Trainer(config, data, run, Device.cpu(), TrainListener.NONE).run();
      }
    }
    return folder;
  }

  /** The same study in another place, with all its runs and more in its plan. */
  public static StudyFolder copy(StudyFolder study, Path path, String more) {
    try (Stream<Path> files = Files.walk(study.path())) {
      for (Path file : files.toList()) {
        Files.copy(file, path.resolve(study.path().relativize(file).toString()));
      }
      StudyFolder copy = new StudyFolder(path);
      Files.writeString(copy.plan(), Files.readString(copy.plan()) + more);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The three files that judging rests on. */
  static List<String> files(StudyFolder study) {
    return Stream.of(study.pairs(), study.key(), study.pairsManifest())
        .map(TrainedStudy::text)
        .toList();
  }

  /** What stands in a file. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
