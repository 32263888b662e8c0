package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadbackTest {
  private final CpuBackend cpu = CpuBackend.create(1);
  private final Scope scope = cpu.newScope("values");

  @AfterEach
  void close() {
    scope.close();
    cpu.close();
  }

  @Test
  void theNumbersAreThoseOfTheMomentItWasStarted() {
    Tensor one = scope.of(new float[] {1.5f}, 1);
    Tensor two = scope.of(new float[] {-2.25f}, 1, 1);
    Tensor part = scope.of(new float[] {3, 4, 5}, 3).slice(0, 1, 1);
    Readback readback = Readback.of(one, two, part);
    one.set(0, 7);
    scope.close();
    assertThat(readback.values()).containsExactly(1.5, -2.25, 4);
    readback.values()[0] = 9;
    assertThat(readback.values()).containsExactly(1.5, -2.25, 4);
  }

  @Test
  void whatIsNoScalarIsRefused() {
    Tensor pair = scope.of(new float[] {1, 2}, 2);
    assertThatThrownBy(() -> Readback.of(pair))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a readback takes one-element tensors, got [2]");
    Tensor wide = scope.of(new double[] {1}, 1);
    assertThatThrownBy(() -> Readback.of(pair.slice(0, 0, 1), wide))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a readback takes tensors of one type");
    assertThatThrownBy(Readback::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nothing to read back");
  }
}
