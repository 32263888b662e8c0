package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.bindings.cuda.Event;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two backends in one process: neither warns of what the other has open, and both compute. */
@NeedsSimulatedCuda
class TwoContextsTest {
  @BeforeEach
  void install() {
    SimulatedCuda.install();
  }

  @Test
  void oneClosesWithoutAWordWhileTheOtherGoesOn() {
    List<String> warnings = new ArrayList<>();
    try (var _ = listening(warnings);
        CudaBackend first = CudaBackend.open(0);
        Scope scope = first.newScope("first")) {
      double expected = squareOfThree(scope);
      try (CudaBackend second = CudaBackend.open(0);
          Scope other = second.newScope("second")) {
        assertThat(squareOfThree(other)).isEqualTo(expected).isEqualTo(9);
        assertThat(first.context().openResources()).isPositive();
      }
      assertThat(warnings).isEmpty();
      first.context().makeCurrent();
      assertThat(squareOfThree(scope)).isEqualTo(expected);
    }
    assertThat(warnings).isEmpty();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  @Test
  void whatIsNotClosedIsWarnedOfByItsOwnContext() {
    List<String> warnings = new ArrayList<>();
    try (var _ = listening(warnings)) {
      CudaBackend first = CudaBackend.open(0);
      Event lost = Event.create();
      CudaBackend second = CudaBackend.open(0);
      second.close();
      assertThat(warnings).isEmpty();
      first.close();
      assertThat(warnings)
          .singleElement()
          .asString()
          .startsWith("1 CUDA resources were not closed");
      lost.close();
    }
  }

  private static double squareOfThree(Scope scope) {
    try (Tape _ = Tape.inference(scope)) {
      Tensor x = scope.zeros(DType.F32, 1);
      x.set(0, 3);
      return x.mul(x).item();
    }
  }

  private interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  private static Listening listening(List<String> lines) {
    Logger logger = Logger.getLogger("dev.tiebreak.bindings.cuda");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().formatMessage(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    return () -> logger.removeHandler(handler);
  }
}
