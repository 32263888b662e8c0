package dev.tiebreak.tests.cli;

import dev.tiebreak.trainer.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of trainings that take a moment, in a folder of their own. */
record TinyTraining(Path folder) {
  private static final String SENTENCES =
      """
      It was the best of times, it was the worst of times, it was the age of wisdom, it was the age \
      of foolishness, it was the epoch of belief, it was the epoch of incredulity. "Ça suffit!" said \
      the naïve café owner.
      """;

  /** The text, with letters of two bytes in it. */
  Path text() {
    return write("text.txt", SENTENCES.repeat(40));
  }

  Path write(String name, String content) {
    return write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  Path write(String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path run() {
    return folder.resolve("run");
  }

  /**
   * The arguments of one command, with a tiny model, our text and a cache in our folder.
   *
   * @param more take the place of ours
   */
  List<String> command(String name, Path run, String... more) {
    return merged(
        List.of(
            name,
            "--preset=tiny",
            "--threads=1",
            "--text=" + text(),
            "--cache=" + folder.resolve("cache"),
            "--run=" + run,
            "--set=model.channels=16",
            "--set=model.sequence_length=16",
            "--set=training.batch=4",
            "--set=training.steps=8",
            "--set=optimizer.warmup=2",
            "--set=evaluation.every=4",
            "--set=evaluation.batches=2",
            "--set=checkpoint.every=4"),
        more);
  }

  private static List<String> merged(List<String> usual, String... more) {
    List<String> args = new ArrayList<>(usual);
    for (String arg : more) {
      String option = arg.substring(0, arg.indexOf('=') + 1);
      args.removeIf(old -> !option.equals("--set=") && !option.isEmpty() && old.startsWith(option));
    }
    args.addAll(List.of(more));
    return args;
  }

  Outcome train(String... more) {
    return Outcome.of(command("train", run(), more));
  }

  Outcome resume() {
    return Outcome.of("train", "--resume", "--run=" + run(), "--cache=" + folder.resolve("cache"));
  }

  Outcome generate(String... more) {
    return Outcome.of(merged(List.of("generate", "--run=" + run(), "--tokens=20"), more));
  }

  /**
   * The command of a Java that runs these arguments with the modules of this one. It starts fast
   * and computes slowly, so that there is time to interrupt it.
   */
  static List<String> java(List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=dev.tiebreak.bindings");
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
    String classPath = System.getProperty("java.class.path", "");
    command.addAll(List.of("--class-path", classPath.isEmpty() ? File.separator : classPath));
    command.addAll(List.of("--module", "dev.tiebreak.trainer/" + Main.class.getName()));
    command.addAll(args);
    return command;
  }
}
