package dev.tiebreak.tests.judge;

import dev.tiebreak.trainer.cli.Main;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of a Java that runs Tiebreak with the modules of this one. */
final class Java {
  private Java() {}

  static List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=dev.tiebreak.bindings,org.xerial.sqlitejdbc");
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
    String classPath = System.getProperty("java.class.path", "");
    command.addAll(List.of("--class-path", classPath.isEmpty() ? File.separator : classPath));
    command.addAll(List.of("--module", "dev.tiebreak.trainer/" + Main.class.getName()));
    command.addAll(List.of(args));
    return command;
  }
}
