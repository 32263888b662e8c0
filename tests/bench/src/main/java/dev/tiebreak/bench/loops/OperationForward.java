package dev.tiebreak.bench.loops;

import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One operation forwards, its result in memory that was used before, as in a training step. */
public class OperationForward extends Loop {
  /** What is measured. */
  @Param public Operation operation;

  private Inputs inputs;
  private Scope results;
  private Supplier<Tensor> forward;

  /** Makes the inputs. */
  @Setup
  public void start() {
    inputs = new Inputs();
    results = inputs.cpu.newScope("results");
    forward = operation.on(inputs);
  }

  /** Computes the result. */
  @Benchmark
  public Tensor forward() {
    try (Tape _ = Tape.inference(results)) {
      return forward.get();
    }
  }

  /** Gives memory and threads back. */
  @TearDown
  public void end() {
    results.close();
    inputs.close();
  }
}
