package dev.tiebreak.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A method that nobody calls is deleted. One that is public and that only unit tests of its own
 * module call stands in {@code tests/house/only-unit-tests.txt}, so that there are no more of them
 * than somebody wanted; the product and the tests across modules, which see what any user sees, do
 * without it.
 *
 * <p>Not asked of methods that are called through another's name (they override), by the compiler's
 * own code (accessors of records, methods of enums) or by reflection (annotated ones, {@code
 * main}).
 */
class UnusedTest {
  @Test
  void everyMethodHasACaller() {
    assertThat(methods(method -> callers(method).findAny().isEmpty())).isEmpty();
  }

  @Test
  void whatOnlyUnitTestsCallIsListed() throws IOException {
    Set<String> found =
        methods(method ->
            method.getModifiers().contains(JavaModifier.PUBLIC)
                && callers(method).findAny().isPresent()
                && callers(method).noneMatch(by -> House.isProduct(by) || House.isUser(by)));
    assertThat(found).isEqualTo(new TreeSet<>(House.list("only-unit-tests.txt")));
  }

  private static Set<String> methods(Predicate<JavaMethod> wanted) {
    return House.product()
        .filter(type -> !type.isAnonymousClass())
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> !isCalledOtherwise(method) && wanted.test(method))
        .map(UnusedTest::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The classes that call it, or what overrides it. */
  private static Stream<JavaClass> callers(JavaMethod method) {
    Stream<JavaMethod> overriding =
        method.getOwner().getAllSubclasses().stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(other -> isSame(method, other));
    return Stream.concat(Stream.of(method), overriding)
        .flatMap(one -> one.getAccessesToSelf().stream())
        .map(access -> access.getOriginOwner());
  }

  private static boolean isCalledOtherwise(JavaMethod method) {
    return method.getModifiers().contains(JavaModifier.SYNTHETIC)
        || method.getModifiers().contains(JavaModifier.BRIDGE)
        || method.getName().equals("main")
        || !method.getAnnotations().isEmpty()
        || isWrittenByTheCompiler(method)
        || overrides(method);
  }

  private static boolean isWrittenByTheCompiler(JavaMethod method) {
    JavaClass owner = method.getOwner();
    boolean noParameters = method.getRawParameterTypes().isEmpty();
    if (owner.isEnum()) {
      return method.getName().equals("values") || method.getName().equals("valueOf");
    }
    return owner.isRecord() && noParameters && owner.tryGetField(method.getName()).isPresent();
  }

  private static boolean overrides(JavaMethod method) {
    return supertypes(method.getOwner())
        .flatMap(type -> type.getMethods().stream())
        .anyMatch(other -> isSame(method, other));
  }

  /** By name and number of parameters, since a type variable may have become a class. */
  private static boolean isSame(JavaMethod method, JavaMethod other) {
    return other.getName().equals(method.getName())
        && other.getRawParameterTypes().size() == method.getRawParameterTypes().size();
  }

  private static Stream<JavaClass> supertypes(JavaClass type) {
    return Stream.concat(
        type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream());
  }

  private static String name(JavaMethod method) {
    String types =
        method.getRawParameterTypes().stream()
            .map(JavaClass::getSimpleName)
            .collect(Collectors.joining(", "));
    return method.getOwner().getName() + "." + method.getName() + "(" + types + ")";
  }
}
