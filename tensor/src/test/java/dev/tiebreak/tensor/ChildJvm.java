package dev.tiebreak.tensor;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main method of the tests in a JVM of its own: a fresh process, with nothing loaded. */
final class ChildJvm {
  private ChildJvm() {}

  /** What it prints to both streams; fails unless it ends with exit code 0. */
  static String run(Class<?> main, String... options) throws Exception {
    Path tests = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
    String classPath =
        String.join(
            File.pathSeparator,
            tests.toString(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", ""));
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", classPath));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of(options));
    command.add(main.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var bytes = process.getInputStream().readAllBytes();
    String output = new String(bytes, StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new AssertionError(main.getSimpleName() + " failed:\n" + output);
    }
    return output;
  }
}
