package dev.tiebreak.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A method that nobody calls is deleted. Public ones need a caller in the product or in the tests
 * across modules, which see what any user sees; for others a unit test is enough.
 *
 * <p>Not asked of methods that are called through another's name (they override), by the compiler's
 * own code (accessors of records, methods of enums) or by reflection (annotated ones, {@code
 * main}).
 */
class UnusedTest {
  @Test
  void everyMethodHasACaller() throws IOException {
    var unused = new TreeSet<String>();
    House.product()
        .filter(type -> !type.isAnonymousClass())
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> !isCalled(method) && !isCalledOtherwise(method))
        .map(UnusedTest::name)
        .forEach(unused::add);
    assertThat(unused).isEqualTo(new TreeSet<>(House.exceptions("unused").keySet()));
  }

  private static boolean isCalled(JavaMethod method) {
    boolean open = method.getModifiers().contains(JavaModifier.PUBLIC);
    return method.getAccessesToSelf().stream()
        .map(access -> access.getOriginOwner())
        .anyMatch(caller -> !open || House.isProduct(caller) || House.isUser(caller));
  }

  private static boolean isCalledOtherwise(JavaMethod method) {
    return method.getModifiers().contains(JavaModifier.SYNTHETIC)
        || method.getModifiers().contains(JavaModifier.BRIDGE)
        || method.getName().equals("main")
        || !method.getAnnotations().isEmpty()
        || isWrittenByTheCompiler(method)
        || isImplemented(method)
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

  /** Then those that implement it are asked. */
  private static boolean isImplemented(JavaMethod method) {
    return method.getModifiers().contains(JavaModifier.ABSTRACT)
        && method.getOwner().getAllSubclasses().stream()
            .flatMap(type -> type.getMethods().stream())
            .anyMatch(other -> other.getName().equals(method.getName()) && isCalled(other));
  }

  /** By name and number of parameters, since a type variable may have become a class. */
  private static boolean overrides(JavaMethod method) {
    return supertypes(method.getOwner())
        .flatMap(type -> type.getMethods().stream())
        .anyMatch(other ->
            other.getName().equals(method.getName())
                && other.getRawParameterTypes().size() == method.getRawParameterTypes().size());
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
