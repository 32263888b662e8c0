package dev.tiebreak.tests.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the rules look at: sources and class files of all modules, less what jextract wrote. */
final class House {
  static final String PREFIX = "dev.tiebreak.";
  static final List<String> MODULES = List.of("bindings", "tensor", "nn", "losses", "trainer");

  private static final Path EXCEPTIONS = Path.of("house");

  private House() {}

  /** Every class file of the modules, and of the tests across modules that use them. */
  static JavaClasses classes() {
    return Classes.ALL;
  }

  /** Read once, when first needed. */
  private static final class Classes {
    static final JavaClasses ALL = read();

    private static JavaClasses read() {
      List<Path> folders =
          MODULES.stream().map(module -> Path.of("..", module, "target", "classes")).toList();
      return new ClassFileImporter()
          .withImportOption(place -> !place.contains("/raw/") && !place.contains("-info.class"))
          .importPaths(
              Stream.concat(folders.stream(), Stream.of(Path.of("target", "test-classes")))
                  .toList());
    }
  }

  /** The product's own classes: not those of tests, not those that jextract wrote. */
  static Stream<JavaClass> product() {
    return classes().stream().filter(House::isProduct);
  }

  static boolean isProduct(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(PREFIX)
        && !name.startsWith(PREFIX + "tests")
        && !name.startsWith(PREFIX + "bindings.raw");
  }

  /** Files below the modules' {@code src/main/java} whose names end so, in order. */
  static List<Path> sources(Predicate<Path> wanted) {
    return MODULES.stream()
        .map(module -> Path.of("..", module, "src", "main", "java"))
        .flatMap(House::files)
        .filter(file -> !file.toString().contains("/raw/"))
        .filter(wanted)
        .sorted()
        .toList();
  }

  private static Stream<Path> files(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isJava(Path file) {
    return file.toString().endsWith(".java");
  }

  static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a rule allows all the same: lines of {@code what: why}. */
  static SortedMap<String, String> exceptions(String rule) throws IOException {
    var exceptions = new TreeMap<String, String>();
    for (String line : Files.readAllLines(EXCEPTIONS.resolve(rule + ".txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int colon = line.indexOf(": ");
        if (colon < 0) {
          throw new AssertionError(rule + ".txt gives no reason for " + line);
        }
        exceptions.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return exceptions;
  }
}
