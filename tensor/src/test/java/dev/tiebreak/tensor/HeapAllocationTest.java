package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A step's Java objects are bookkeeping: their number follows the number of operations and of
 * attention's blocks, not the number of elements. A vector is an object too until the compiler has
 * removed it, which it fails to do in loops with too many calls; hence a JVM of its own, whose
 * profiles no other test has touched, that repeats the step until everything is compiled. What is
 * compiled into what depends on when the compiler gets to it, so a JVM may be unlucky for good,
 * where the machine is busy above all; code that cannot do without the objects fails in every one.
 */
@Tag("slow")
class HeapAllocationTest {
  private static final long BOUND = HeapProbe.ROWS * 32L; // half of the smallest vector a row
  private static final int MOST_JVMS = 3;

  @Test
  void theHeapMemoryOfAStepDoesNotGrowWithItsTensors() throws Exception {
    long least = Long.MAX_VALUE;
    for (int jvm = 0; jvm < MOST_JVMS && least > BOUND; jvm++) {
      least = Math.min(least, excess());
    }
    assertThat(least).isLessThanOrEqualTo(BOUND);
  }

  private static long excess() throws Exception {
    String output = ChildJvm.run(HeapProbe.class, "-Dbound=" + BOUND);
    assertThat(output).contains("excess ");
    return Long.parseLong(output.substring(output.indexOf("excess ") + "excess ".length()));
  }
}
