package dev.tiebreak.bindings;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Loads OpenBLAS in a JVM of its own, since a process can load it but once. */
public final class LoadProbe {
  private LoadProbe() {}

  /** Prints what came of it; with the argument "retry" it tries again with the property unset. */
  public static void main(String[] arguments) {
    try {
      System.out.println("loaded " + OpenBlas.load().path());
    } catch (NativeLibraryException e) {
      System.out.println("refused " + e.getMessage());
      if (arguments.length > 0) {
        System.clearProperty(OpenBlasLocator.PROPERTY);
        System.out.println("then loaded " + OpenBlas.load().path());
      }
    }
  }

  /** The output of {@link #main} in a new JVM with these options, environment and arguments. */
  static String run(List<String> options, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException, URISyntaxException {
    String classPath =
        Stream.of(folderOf(OpenBlas.class), folderOf(LoadProbe.class), openBlasJar())
            .distinct()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(options);
    command.addAll(List.of("-Xmx256m", "-cp", classPath, LoadProbe.class.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove(OpenBlasLocator.VARIABLE);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new AssertionError("the probe failed:\n" + output);
    }
    return output;
  }

  static URL openBlasResource(String file) {
    String platform =
        OpenBlasLocator.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    return LoadProbe.class
        .getClassLoader()
        .getResource("org/bytedeco/openblas/" + platform + "/" + file);
  }

  private static Path openBlasJar() throws IOException, URISyntaxException {
    URL header = openBlasResource("include/cblas.h");
    return Path.of(((JarURLConnection) header.openConnection()).getJarFileURL().toURI());
  }

  private static Path folderOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
