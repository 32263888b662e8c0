package dev.tiebreak.bench.loops;

import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One operation forwards, its result in memory that was used before, as in a training step. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {
      "-XX:+UseSerialGC",
      "--add-modules=jdk.incubator.vector",
      "--sun-misc-unsafe-memory-access=allow", // JMH itself
      "--enable-native-access=ALL-UNNAMED"
    })
public class OperationForward {
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
