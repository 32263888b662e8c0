package dev.tiebreak.tests.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A study of four arms and two seeds whose trainings take a moment, and command lines about it.
 *
 * @param tiny where its text and cache are
 * @param path its folder
 */
record SmallStudy(TinyTraining tiny, Path path) {
  static final List<String> ARMS = List.of("baseline", "gain", "divergence", "both");
  static final List<Integer> SEEDS = List.of(1, 2);

  /**
   * Writes plan and prompts.
   *
   * @param steps of each run
   * @param every steps from one checkpoint to the next
   */
  static SmallStudy make(TinyTraining tiny, String name, int steps, int every) {
    SmallStudy study = new SmallStudy(tiny, tiny.folder().resolve(name));
    if (!study.path.toFile().mkdirs()) {
      throw new IllegalStateException("cannot make " + study.path);
    }
    tiny.write(
        name + "/prompts.jsonl",
        """
        {"id": "a", "kind": "story", "text": "Once there lived"}
        {"id": "b", "kind": "story", "text": "A café is"}
        """);
    tiny.write(
        name + "/study.toml",
        String.format(
            Locale.ROOT,
            """
            name = "%s"
            arms = ["baseline", "gain", "divergence", "both"]
            seeds = [1, 2]
            base.extends = "tiny"
            base.data.text = ["%s"]
            base.model.channels = 4
            base.model.sequence_length = 16
            base.training.steps = %d
            base.training.batch = 1
            base.training.threads = 1
            base.optimizer.warmup = 2
            base.evaluation.every = %d
            base.evaluation.batches = 2
            base.checkpoint.every = %d
            [comparison.h1]
            treatment = "both"
            control = "baseline"
            """,
            name,
            tiny.text(),
            steps,
            steps / 2,
            every));
    return study;
  }

  Path plan() {
    return path.resolve("study.toml");
  }

  /** The run folders, in the order of the tasks. */
  List<Path> runs() {
    List<Path> runs = new ArrayList<>();
    for (int seed : SEEDS) {
      ARMS.forEach(arm -> runs.add(path.resolve("runs").resolve(arm).resolve("seed-" + seed)));
    }
    return runs;
  }

  /** The arguments of one command about this study. */
  List<String> command(String name, String... more) {
    List<String> args = new ArrayList<>(List.of("study", name, path.toString()));
    args.addAll(List.of(more));
    if (!name.equals("init")) {
      args.add("--cache=" + tiny.folder().resolve("cache"));
    }
    return args;
  }

  /**
   * Runs a command in a process of its own. The tests' own module counts as a part of the program
   * that runs them, so processes with and without it are not the same program.
   */
  Outcome doesAlone(String name, String... more) throws IOException, InterruptedException {
    Path out = tiny.folder().resolve("alone.out");
    Path err = tiny.folder().resolve("alone.err");
    int code =
        new ProcessBuilder(TinyTraining.java(command(name, more)))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    return new Outcome(code, Files.readString(out), Files.readString(err));
  }

  Outcome does(String name, String... more) {
    return Outcome.of(command(name, more));
  }
}
