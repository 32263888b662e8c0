package dev.tiebreak.bench.loops;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What follows the backward pass, on all 10.8 M weights of the small shape. */
public class Update extends Loop {
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
      Contribution.start(parameter.tensor()).gradient().copyFrom(parameter.tensor());
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
