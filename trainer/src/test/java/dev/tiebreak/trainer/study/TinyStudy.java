package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A study of two arms and two seeds that is trained in a moment.
 *
 * @param root where texts and studies lie
 */
record TinyStudy(Path root) {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog; ".repeat(60);

  /** Four runs of six steps, a checkpoint at every third. */
  String plan() {
    return Words.of(
        """
        name = "tiny"
        arms = ["baseline", "both"]
        seeds = [1, 2]
        [base]
        extends = "tiny"
        [base.data]
        text = ["%s"]
        [base.model]
        channels = 16
        sequence_length = 16
        dropout = 0.1
        [base.training]
        steps = 6
        batch = 3
        threads = 1
        [base.optimizer]
        warmup = 2
        [base.evaluation]
        every = 2
        batches = 2
        [base.checkpoint]
        every = 3
        keep = 3
        [comparison.h1]
        treatment = "both"
        control = "baseline"
        """,
        root.resolve("text.txt"));
  }

  /** Makes a study of this name; there may be several with one text. */
  Study make(String name) {
    Path folder = root.resolve(name);
    write("text.txt", TEXT);
    write(name + "/prompts.jsonl", "{\"id\": \"a\", \"kind\": \"b\", \"text\": \"a quick dog\"}\n");
    write(name + "/study.toml", plan());
    return Study.open(folder);
  }

  void write(String name, String content) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a file of a study. */
  void replace(Path file, String old, String with) {
    try {
      String text = Files.readString(file);
      if (!text.contains(old)) {
        throw new IllegalArgumentException(file + " has no " + old);
      }
      Files.writeString(file, text.replace(old, with));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Dataset data(Study study) {
    return study.data(root.resolve("cache"), _ -> {});
  }

  Study register(Study study) {
    return register(study, null);
  }

  Study register(Study study, String why) {
    try (Dataset data = study.anyData(root.resolve("cache"), _ -> {})) {
      return study.register(data, Optional.ofNullable(why));
    }
  }

  List<RunEnd> run(Study study, int parallel) {
    return run(study, study.plan().runs(), parallel, StudyListener.NONE);
  }

  List<RunEnd> run(Study study, List<RunId> runs, int parallel, StudyListener listener) {
    try (Dataset data = data(study)) {
      return new StudyRunner(study, data, Device.cpu(), listener).run(runs, parallel);
    }
  }
}
