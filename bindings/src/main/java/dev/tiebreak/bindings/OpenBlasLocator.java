package dev.tiebreak.bindings;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Finds the OpenBLAS library, in this order:
 *
 * <ol>
 *   <li>the file that the system property {@value #PROPERTY} names by absolute path;
 *   <li>the file that the environment variable {@value #VARIABLE} names by absolute path;
 *   <li>the {@code org.bytedeco:openblas} jar on the class path, unpacked by a {@link NativeCache}.
 * </ol>
 *
 * <p>The first that is there decides: a named file that does not work is an error, not passed over.
 *
 * @param platform the name of the jar's folder, such as {@code linux-x86_64}
 * @param properties system properties by name
 * @param environment environment variables by name
 * @param resources resources of the class path by name
 * @param cache where libraries are unpacked
 */
record OpenBlasLocator(
    String platform,
    UnaryOperator<String> properties,
    UnaryOperator<String> environment,
    Function<String, URL> resources,
    NativeCache cache) {
  static final String PROPERTY = "tiebreak.openblas";
  static final String VARIABLE = "TIEBREAK_OPENBLAS";
  private static final String ELSEWHERE =
      "or name a shared OpenBLAS library by absolute path in -D" + PROPERTY + " or " + VARIABLE;

  /**
   * What to load.
   *
   * @param libraries absolute paths in loading order: OpenBLAS is last, after what it needs
   * @param origin where they come from, in words
   * @param remedy what a user can do if they do not work
   */
  record Located(List<Path> libraries, String origin, String remedy) {}

  static OpenBlasLocator ofThisProcess() {
    return new OpenBlasLocator(
        platform(System.getProperty("os.name"), System.getProperty("os.arch")),
        System::getProperty,
        System::getenv,
        OpenBlasLocator.class.getClassLoader()::getResource,
        NativeCache.ofThisUser());
  }

  static String platform(String system, String processor) {
    String name =
        system.startsWith("Mac") ? "macosx" : system.split(" ")[0].toLowerCase(Locale.ROOT);
    return switch (processor) {
      case "amd64", "x86_64" -> name + "-x86_64";
      case "aarch64" -> name + "-arm64";
      default -> name + "-" + processor;
    };
  }

  /**
   * @throws NativeLibraryException if there is no library, with the places that were tried
   */
  Located locate() {
    if (platform.startsWith("windows")) {
      throw new NativeLibraryException(
          "No OpenBLAS on Windows: the generated bindings hold where a C long has 64 bits",
          "Use Linux, in WSL for example, or macOS for the native matrix product.");
    }
    String byProperty = properties.apply(PROPERTY);
    if (byProperty != null) {
      return named(byProperty, "the system property " + PROPERTY);
    }
    String byVariable = environment.apply(VARIABLE);
    return byVariable == null || byVariable.isBlank()
        ? bundled()
        : named(byVariable, "the environment variable " + VARIABLE);
  }

  private Located named(String name, String source) {
    String remedy =
        "Give %s the absolute path of a shared OpenBLAS library for %s, or unset it to use the"
            + " library that comes along.";
    remedy = String.format(Locale.ROOT, remedy, source, platform);
    Path path = Path.of(name);
    if (!path.isAbsolute()) {
      throw new NativeLibraryException(source + " holds a relative path: " + name, remedy);
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new NativeLibraryException(source + " names no readable file: " + name, remedy);
    }
    return new Located(List.of(path), "named by " + source, remedy);
  }

  private Located bundled() {
    List<String> files = files();
    String folder = "org/bytedeco/openblas/" + platform + "/";
    String openBlas = folder + files.getLast();
    if (resources.apply(openBlas) == null) {
      throw new NativeLibraryException(
          String.format(Locale.ROOT, "No OpenBLAS library: %s is not on the class path", openBlas),
          String.format(
              Locale.ROOT,
              "Add the artifact org.bytedeco:openblas with the classifier %s, %s.",
              platform,
              ELSEWHERE));
    }
    var found = files.stream().map(file -> resources.apply(folder + file)).filter(Objects::nonNull);
    try {
      List<Path> copies = cache.unpack("openblas-" + platform, found.toList());
      return new Located(
          copies,
          "from the artifact org.bytedeco:openblas",
          "Check that libraries may be loaded from there (a noexec mount forbids it;"
              + " XDG_CACHE_HOME names another cache folder), "
              + ELSEWHERE
              + ".");
    } catch (IOException e) {
      throw new NativeLibraryException(
          String.format(
              Locale.ROOT,
              "Cannot unpack the OpenBLAS library into %s or a temporary folder: %s",
              cache.home(),
              e),
          "Free space there, " + ELSEWHERE + ".",
          e);
    }
  }

  /** What OpenBLAS needs, in loading order, then OpenBLAS; not every platform has all of them. */
  private List<String> files() {
    return platform.startsWith("macosx")
        ? List.of(
            "libgcc_s.1.1.dylib",
            "libquadmath.0.dylib",
            "libgfortran.5.dylib",
            "libopenblas.0.dylib")
        : List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
  }
}
