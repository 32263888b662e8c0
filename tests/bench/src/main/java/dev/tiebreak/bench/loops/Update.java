package dev.tiebreak.bench.loops;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What follows the backward pass, on all 10.8 M weights of the small shape. */
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
public class Update {
  private Inputs inputs;
  private Scope results;
  private Gpt model;
  private AdamW optimizer;
  private Tensor coefficient;

  /** Makes the model; its gradients are its weights. */
  @Setup
  public void start() {
    inputs = new Inputs();
    results = inputs.cpu.newScope("results");
    model = new Gpt(inputs.model, DType.F32, inputs.scope, 1);
    for (Parameter parameter : model.parameters()) {
      parameter.tensor().startGradient();
      parameter.tensor().gradient().copyFrom(parameter.tensor());
    }
    optimizer = new AdamW(model.parameters(), inputs.scope, new AdamW.Config(0.9, 0.95, 1e-8, 0.1));
    coefficient = inputs.scope.of(new float[] {1}, 1);
  }

  /** The norm of all gradients together, and the factor that limits it to 1. */
  @Benchmark
  public Tensor clip() {
    try (Tape _ = Tape.inference(results)) {
      return GradientClip.coefficient(GradientClip.norm(model.parameters()), 1);
    }
  }

  /** AdamW. */
  @Benchmark
  public void adamW() {
    optimizer.step(1e-4, coefficient);
  }

  /** Gives memory and threads back. */
  @TearDown
  public void end() {
    results.close();
    inputs.close();
  }
}
