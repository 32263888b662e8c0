package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.NativeLibraryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Finds a library of CUDA, in this order:
 *
 * <ol>
 *   <li>the file that its system property ({@link CudaLibrary#property}) names by absolute path;
 *   <li>the file that its environment variable ({@link CudaLibrary#variable}) does;
 *   <li>the Python wheels: {@code nvidia/NAME/lib} in the packages of {@code VIRTUAL_ENV}, of
 *       {@code CONDA_PREFIX}, of the {@code python3} on {@code PATH} and of the user;
 *   <li>the toolkit: {@code lib64}, {@code lib} and {@code targets/x86_64-linux/lib} in {@code
 *       CUDA_HOME}, {@code CUDA_PATH}, {@code /usr/local/cuda} and {@code /usr/local/cuda-VERSION},
 *       the newest first;
 *   <li>what the system's loader finds by name: {@code LD_LIBRARY_PATH} and the system's folders.
 * </ol>
 *
 * <p>The driver is part of the system: it is looked for at 1, 2 and 5 only. The first file that is
 * there decides: if it does not work that is an error, not passed over. Nothing is loaded here but
 * by the loader at 5.
 *
 * @param properties system properties by name
 * @param environment environment variables by name
 * @param root the folder that stands for {@code /}
 * @param loader the absolute path of what the system's loader finds by this file name
 */
record LibrarySearch(
    UnaryOperator<String> properties,
    UnaryOperator<String> environment,
    Path root,
    Function<String, Optional<Path>> loader) {

  private static final Pattern DIGITS = Pattern.compile("\\d+");

  /** A file that is there, and in words where it comes from. */
  record Found(Path path, String origin) {}

  /** A folder that may hold libraries, and in words whose it is. */
  record Folder(Path path, String origin) {}

  static LibrarySearch ofThisProcess() {
    return new LibrarySearch(
        System::getProperty, System::getenv, Path.of("/"), SystemLoader::pathOf);
  }

  /**
   * @throws NativeLibraryException if a named file is not there or nothing is found; the message
   *     says where it was looked for
   */
  Found find(CudaLibrary library) {
    String property = library.property();
    String variable = library.variable();
    List<Folder> folders = library == CudaLibrary.DRIVER ? List.of() : folders();
    return named(library, properties.apply(property), "system property " + property)
        .or(() -> named(library, environment.apply(variable), "environment variable " + variable))
        .or(() -> inFolders(library, folders))
        .or(() -> byLoader(library))
        .orElseThrow(() -> missing(library, folders.size()));
  }

  private static Optional<Found> inFolders(CudaLibrary library, List<Folder> folders) {
    for (Folder folder : folders) {
      for (String file : library.files()) {
        Path path = folder.path().resolve(file);
        if (Files.isRegularFile(path)) {
          return Optional.of(new Found(path, folder.origin()));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Found> byLoader(CudaLibrary library) {
    return library.files().stream()
        .flatMap(file -> loader.apply(file).stream())
        .findFirst()
        .map(path -> new Found(path, "found by the system's loader"));
  }

  private static NativeLibraryException missing(CudaLibrary library, int folders) {
    return new NativeLibraryException(
        String.format(
            Locale.ROOT,
            "%s is missing: no %s%s by the system's loader",
            library.title(),
            String.join(" or ", library.files()),
            folders == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    " in %d folders of Python packages and CUDA toolkits, nor",
                    folders)),
        String.format(
            Locale.ROOT,
            "%s, or name the file by absolute path in -D%s or %s.",
            library.remedy(),
            library.property(),
            library.variable()));
  }

  private static Optional<Found> named(CudaLibrary library, String name, String source) {
    if (name == null || name.isBlank()) {
      return Optional.empty();
    }
    Path path = Path.of(name);
    if (!path.isAbsolute() || !Files.isRegularFile(path)) {
      throw new NativeLibraryException(
          String.format(Locale.ROOT, "the %s names no file by absolute path: %s", source, name),
          String.format(
              Locale.ROOT,
              "Give it the absolute path of %s, or unset it.",
              library.files().getFirst()));
    }
    return Optional.of(new Found(path, "named by the " + source));
  }

  /** The folders of steps 3 and 4 that exist, in order. */
  List<Folder> folders() {
    var folders = new ArrayList<Folder>();
    for (Path prefix : pythonPrefixes()) {
      for (Path python : children(prefix.resolve("lib"), "python3*")) {
        for (String packages : List.of("site-packages", "dist-packages")) {
          for (Path wheel : children(python.resolve(packages).resolve("nvidia"), "*")) {
            add(folders, wheel.resolve("lib"), "from a Python wheel");
          }
        }
      }
    }
    for (Path toolkit : toolkits()) {
      for (String name : List.of("lib64", "lib", "targets/x86_64-linux/lib")) {
        add(folders, toolkit.resolve(name), "from the CUDA toolkit");
      }
    }
    return folders;
  }

  private static void add(List<Folder> folders, Path path, String origin) {
    if (Files.isDirectory(path)) {
      folders.add(new Folder(path, origin));
    }
  }

  /**
   * Where {@code lib/python3*} may lie: a virtual environment comes before what it was made from.
   */
  private Set<Path> pythonPrefixes() {
    var prefixes = new LinkedHashSet<Path>();
    variable("VIRTUAL_ENV").ifPresent(prefixes::add);
    variable("CONDA_PREFIX").ifPresent(prefixes::add);
    for (String folder : Optional.ofNullable(environment.apply("PATH")).orElse("").split(":")) {
      Path python = Path.of(folder, "python3");
      if (python.isAbsolute() && Files.isExecutable(python)) {
        prefixes.add(python.getParent().getParent());
        try {
          prefixes.add(python.toRealPath().getParent().getParent());
        } catch (IOException e) {
          throw new UncheckedIOException(e); // it was there a moment ago
        }
        prefixes.add(root.resolve("usr/local")); // where Debian's python3 keeps what pip installs
        break;
      }
    }
    variable("HOME").ifPresent(home -> prefixes.add(home.resolve(".local")));
    return prefixes;
  }

  private Set<Path> toolkits() {
    var toolkits = new LinkedHashSet<Path>();
    variable("CUDA_HOME").ifPresent(toolkits::add);
    variable("CUDA_PATH").ifPresent(toolkits::add);
    Path local = root.resolve("usr/local");
    toolkits.add(local.resolve("cuda"));
    toolkits.addAll(children(local, "cuda-*").reversed());
    return toolkits;
  }

  private Optional<Path> variable(String name) {
    return Optional.ofNullable(environment.apply(name))
        .filter(value -> value.startsWith("/"))
        .map(Path::of);
  }

  /** What lies in a folder and fits the pattern, with numbers in names in the order of counting. */
  private static List<Path> children(Path folder, String pattern) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var stream = Files.newDirectoryStream(folder, pattern)) {
      var children = new ArrayList<Path>();
      stream.forEach(children::add);
      children.sort(Comparator.comparing(LibrarySearch::padded));
      return children;
    } catch (IOException e) {
      return List.of(); // a folder that cannot be read holds nothing for us
    }
  }

  private static String padded(Path path) {
    return DIGITS
        .matcher(path.getFileName().toString())
        .replaceAll(
            digits -> "0".repeat(Math.max(0, 9 - digits.group().length())) + digits.group());
  }
}
