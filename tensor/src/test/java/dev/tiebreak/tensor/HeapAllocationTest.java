package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A step's Java objects are bookkeeping: their number follows the number of operations and of
 * attention's blocks, not the number of elements. A vector is an object too until the compiler has
 * removed it, which it fails to do in loops with too many calls; hence a JVM of its own, whose
 * profiles no other test has touched, that repeats the step until everything is compiled.
 */
class HeapAllocationTest {
  private static final long BOUND = 6 << 10; // two vectors of every row would be 20 kB

  @Test
  void theHeapMemoryOfAStepDoesNotGrowWithItsTensors() throws Exception {
    String output = ChildJvm.run(HeapProbe.class, "-Dbound=" + BOUND);
    assertThat(output).contains("excess ");
    String excess = output.substring(output.indexOf("excess ") + "excess ".length());
    assertThat(Long.parseLong(excess)).isLessThanOrEqualTo(BOUND);
  }
}
