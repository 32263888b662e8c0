package dev.tiebreak.bench.loops;

import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One operation backwards, for all of its inputs. The time includes a copy of the gradient it
 * starts from; the forward pass before it does not count.
 */
public class OperationBackward extends Loop {
  /** What is measured. */
  @Param public Operation operation;

  private Inputs inputs;
  private Scope results;
  private Supplier<Tensor> forward;
  private Tensor upstream;
  private Tape tape;
  private Tensor result;

  /** Makes the inputs and the gradient of the result. */
  @Setup
  public void start() {
    inputs = new Inputs();
    results = inputs.cpu.newScope("results");
    forward = operation.on(inputs);
    int[] dims;
    try (Tape _ = Tape.inference(results)) {
      dims = forward.get().shape().toArray();
    }
    upstream = inputs.values(dims);
  }

  /** Runs the operation forwards. It takes milliseconds, beside which JMH's own time is nothing. */
  @Setup(Level.Invocation)
  public void forward() {
    tape = Tape.start(results);
    inputs.clearGradients();
    result = forward.get();
  }

  /** Computes the gradients. */
  @Benchmark
  public void backward() {
    tape.backward(result, upstream);
  }

  /** Ends the step. */
  @TearDown(Level.Invocation)
  public void close() {
    tape.close();
  }

  /** Gives memory and threads back. */
  @TearDown
  public void end() {
    results.close();
    inputs.close();
  }
}
