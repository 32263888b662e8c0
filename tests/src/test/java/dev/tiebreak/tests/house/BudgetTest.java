package dev.tiebreak.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * No package grows beyond its budget of lines in {@code tests/house/budget.txt}. Who needs more
 * asks for it there, or writes today's sizes and a tenth more with the command in its first lines.
 */
class BudgetTest {
  private static final Path FILE = Path.of("house", "budget.txt");
  private static final double SPARE = 1.1;
  private static final String HEAD =
      """
      # Lines of main sources, kernels included, that each package may have. To write today's sizes
      # and a tenth more:
      # ./mvnw -pl tests -am test -Dtest=BudgetTest -Dtiebreak.budget=write -Dsurefire.failIfNoSpecifiedTests=false
      """;

  @Test
  void packagesKeepToTheirBudget() throws IOException {
    SortedMap<String, Long> sizes = sizes();
    if ("write".equals(System.getProperty("tiebreak.budget"))) {
      write(sizes);
    }
    SortedMap<String, Long> budget = budget();
    assertThat(budget).containsOnlyKeys(sizes.keySet());
    assertThat(sizes)
        .allSatisfy(
            (name, lines) -> assertThat(lines).as(name).isLessThanOrEqualTo(budget.get(name)));
  }

  private static SortedMap<String, Long> sizes() {
    var sizes = new TreeMap<String, Long>();
    for (Path file : House.sources(file -> file.toString().contains("/dev/"))) {
      sizes.merge(packageOf(file), House.lines(file), Long::sum);
    }
    return sizes;
  }

  private static String packageOf(Path file) {
    String folder = file.getParent().toString();
    return folder.substring(folder.indexOf("dev/tiebreak")).replace('/', '.');
  }

  private static SortedMap<String, Long> budget() throws IOException {
    var budget = new TreeMap<String, Long>();
    for (String line : House.list("budget.txt")) {
      String[] words = line.split(" +");
      budget.put(words[0], Long.valueOf(words[1]));
    }
    return budget;
  }

  private static void write(SortedMap<String, Long> sizes) throws IOException {
    List<String> lines = new ArrayList<>(HEAD.lines().toList());
    sizes.forEach((name, size) ->
        lines.add(String.format(Locale.ROOT, "%-44s %5d", name, Math.round(size * SPARE))));
    Files.write(FILE, lines);
  }
}
