package dev.tiebreak.tests.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the rules look at: sources and class files of all modules, less what jextract wrote. */
final class House {
  static final String PREFIX = "dev.tiebreak.";
  static final List<String> MODULES = List.of("bindings", "tensor", "nn", "losses", "trainer");

  private static final String TESTS = "test-classes";
  private static final Path LISTS = Path.of("house");

  private House() {}

  /** Every class file of the modules and of their tests. */
  static JavaClasses classes() {
    return Classes.ALL;
  }

  /** Read once, when first needed. */
  private static final class Classes {
    static final JavaClasses ALL = read();

    private static JavaClasses read() {
      Stream<Path> folders =
          Stream.concat(MODULES.stream(), Stream.of("tests"))
              .map(module -> Path.of("..", module, "target"))
              .flatMap(target -> Stream.of(target.resolve("classes"), target.resolve(TESTS)))
              .filter(Files::isDirectory);
      return new ClassFileImporter()
          .withImportOption(place -> !place.contains("/raw/") && !place.contains("-info.class"))
          .importPaths(folders.toList());
    }
  }

  /** The product's own classes: not those of tests, not those that jextract wrote. */
  static Stream<JavaClass> product() {
    return classes().stream().filter(House::isProduct);
  }

  static boolean isProduct(JavaClass type) {
    return type.getPackageName().startsWith(PREFIX) && !isIn(type, TESTS);
  }

  /** Whether the class is in the module of tests across modules, which sees what any user sees. */
  static boolean isUser(JavaClass type) {
    return type.getPackageName().startsWith(PREFIX + "tests");
  }

  private static boolean isIn(JavaClass type, String folder) {
    return type.getSource().filter(it -> it.getUri().toString().contains(folder)).isPresent();
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

  /** The lines of a list in {@code tests/house}, without those that begin with {@code #}. */
  static List<String> list(String name) throws IOException {
    try (Stream<String> lines = Files.lines(LISTS.resolve(name))) {
      return lines.filter(line -> !line.startsWith("#")).toList();
    }
  }
}
