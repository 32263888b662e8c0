package dev.tiebreak.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever only counts votes can leave out tensors, models and GPUs: no class of these wings needs
 * one of them, directly or through any chain of other classes.
 */
class ReachTest {
  private static final List<String> OUT_OF_REACH =
      List.of("bindings", "tensor", "nn", "losses", "trainer.lab");

  @ParameterizedTest
  @ValueSource(strings = {"base", "ballot", "evidence", "judge"})
  void needsNoTensors(String wing) {
    List<JavaClass> own =
        House.product().filter(type -> isIn(type, List.of("trainer." + wing))).toList();
    assertThat(own).isNotEmpty();
    Map<JavaClass, JavaClass> users = closure(own);
    Stream<String> chains =
        users.keySet().stream()
            .filter(type -> isIn(type, OUT_OF_REACH))
            .map(type -> chain(type, users))
            .sorted();
    assertThat(chains).isEmpty();
  }

  /** Everything of ours that these need, and through whom it was first found. */
  private static Map<JavaClass, JavaClass> closure(List<JavaClass> begin) {
    var users = new LinkedHashMap<JavaClass, JavaClass>();
    begin.forEach(type -> users.put(type, type));
    var open = new ArrayDeque<>(begin);
    while (!open.isEmpty()) {
      JavaClass user = open.remove();
      user.getDirectDependenciesFromSelf().stream()
          .map(use -> use.getTargetClass().getBaseComponentType())
          .filter(type -> type.getPackageName().startsWith(House.PREFIX))
          .distinct()
          .sorted((a, b) -> a.getName().compareTo(b.getName()))
          .filter(type -> users.putIfAbsent(type, user) == null)
          .forEach(open::add);
    }
    return users;
  }

  private static boolean isIn(JavaClass type, List<String> rooms) {
    String name = type.getPackageName() + ".";
    return rooms.stream().anyMatch(room -> name.startsWith(House.PREFIX + room + "."));
  }

  /** {@code Report -> Plan -> Config -> Tensor}. */
  private static String chain(JavaClass type, Map<JavaClass, JavaClass> users) {
    String chain = type.getName();
    for (JavaClass at = type; users.get(at) != at; at = users.get(at)) {
      chain = users.get(at).getName() + " -> " + chain;
    }
    return chain;
  }
}
