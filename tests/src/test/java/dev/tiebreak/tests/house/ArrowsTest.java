package dev.tiebreak.tests.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Arrows go one way: between modules, between the wings of the trainer, between all packages. */
class ArrowsTest {
  /** Each room and those that it may use; everything else of ours is out of its reach. */
  private static final String MAY_USE =
      """
      bindings         <-
      tensor           <- bindings
      nn               <- tensor
      losses           <- nn tensor

      trainer.base     <-
      trainer.ballot   <- base
      trainer.evidence <- base ballot
      trainer.judge    <- base ballot
      trainer.lab      <- base losses nn tensor bindings
      trainer.study    <- base ballot evidence judge lab losses nn tensor bindings
      trainer.cli      <- base ballot evidence judge lab study losses nn tensor bindings
      """;

  private static final Map<String, Set<String>> ROOMS = rooms();

  private static Map<String, Set<String>> rooms() {
    var rooms = new LinkedHashMap<String, Set<String>>();
    for (String line : MAY_USE.lines().filter(line -> !line.isBlank()).toList()) {
      String[] sides = line.split("<-", -1);
      rooms.put(sides[0].strip(), Set.of(sides[1].isBlank() ? new String[0] : words(sides[1])));
    }
    return rooms;
  }

  private static String[] words(String text) {
    return text.strip().split(" +");
  }

  @TestFactory
  Stream<DynamicTest> aRoomUsesOnlyThoseBelowIt() {
    return ROOMS.keySet().stream()
        .map(room -> DynamicTest.dynamicTest(room, () -> assertThat(wrongArrows(room)).isEmpty()));
  }

  /** Uses of classes that the room may not use. */
  private static List<String> wrongArrows(String room) {
    return House.product()
        .filter(type -> room(type).equals(room))
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(use -> House.isProduct(use.getTargetClass().getBaseComponentType()))
        .filter(use -> !mayUse(room, room(use.getTargetClass().getBaseComponentType())))
        .map(Dependency::getDescription)
        .sorted()
        .toList();
  }

  private static boolean mayUse(String room, String other) {
    return room.equals(other) || ROOMS.get(room).contains(other.replace("trainer.", ""));
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName().substring(House.PREFIX.length());
    String[] parts = name.split("\\.");
    return parts[0].equals("trainer") && parts.length > 1 ? "trainer." + parts[1] : parts[0];
  }

  @Test
  void everyClassIsInARoom() {
    assertThat(House.product().filter(type -> !ROOMS.containsKey(room(type)))).isEmpty();
  }

  /** Neither directly nor through others. */
  @Test
  void noPackagesNeedEachOther() {
    slices()
        .matching("dev.tiebreak.(**)")
        .should()
        .beFreeOfCycles()
        .check(House.classes().that(describe("product", House::isProduct)));
  }
}
