package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.OpTimes;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.List;

/** A complete training step on random tokens: forward, backward, clip, AdamW. */
public final class StepBench {
  private static final double RATE_SECONDS = 0.5;

  private StepBench() {}

  /**
   * Median times in seconds.
   *
   * @param flopsPerToken operations, 6 N + attention
   * @param matrixGflops the machine's matrix rate at these sizes, from the same minutes
   * @param operations a table of the time of each operation, as text
   * @param weightBytes model scope: weights, gradients, moments
   * @param activationBytes step scope
   */
  public record Result(
      BenchShape shape,
      long weights,
      double flopsPerToken,
      double forward,
      double backward,
      double optimizer,
      double step,
      double matrixGflops,
      String operations,
      long weightBytes,
      long activationBytes) {

    public double tokensPerSecond() {
      return shape.tokens() / step;
    }

    /** Achieved rate, counting 6 N + attention operations per token. */
    public double gflops() {
      return flopsPerToken * shape.tokens() / step * 1e-9;
    }

    /** Achieved rate as a share of the matrix rate. */
    public double share() {
      return gflops() / matrixGflops;
    }

    public String toText() {
      return Words.of(
          """
          %s: %d layers, %d channels, T %d, B %d, vocabulary %d, %,d weights
            matrix products   %8.1f GFLOP/s
            training step     %8.1f GFLOP/s = %.0f %% of that, counting 6 N + attention
            tokens            %8.0f a second
            median times      %8.1f ms a step: forward %.1f, backward %.1f, clip and AdamW %.1f
            memory            %8d MB weights, gradients, moments; %d MB activations

          %s\
          """,
          shape.name(),
          shape.model().layers(),
          shape.model().channels(),
          shape.model().sequenceLength(),
          shape.batch(),
          shape.model().vocabulary(),
          weights,
          matrixGflops,
          gflops(),
          100 * share(),
          tokensPerSecond(),
          1e3 * step,
          1e3 * forward,
          1e3 * backward,
          1e3 * optimizer,
          weightBytes >> 20,
          activationBytes >> 20,
          operations);
    }
  }

  /** Measures the matrix rate, then {@code steps} steps after {@code warmUp} others, then again. */
  public static Result run(CpuBackend cpu, BenchShape shape, int warmUp, int steps) {
    double before = MatrixRate.gflops(cpu, shape, RATE_SECONDS);
    try (Scope weights = cpu.newScope("weights");
        Scope activations = cpu.newScope("activations")) {
      Gpt model = new Gpt(shape.model(), DType.F32, weights, 1);
      AdamW optimizer =
          new AdamW(model.parameters(), weights, new AdamW.Config(0.9, 0.95, 1e-8, 0.1));
      int length = shape.model().sequenceLength();
      Tensor tokens = randomTokens(weights, shape, length, 0);
      Tensor targets = randomTokens(weights, shape, length, 1);
      OpTimes times = new OpTimes();
      List<long[]> clocks = new ArrayList<>();
      for (int i = -warmUp; i < steps; i++) {
        if (i == 0) {
          times.clear();
        }
        long[] clock = step(model, optimizer, tokens, targets, activations, times);
        if (i >= 0) {
          clocks.add(clock);
        }
      }
      double after = MatrixRate.gflops(cpu, shape, RATE_SECONDS);
      return new Result(
          shape,
          model.parameterCount(),
          model.flopsPerToken(),
          median(clocks, 0, 1),
          median(clocks, 1, 2),
          median(clocks, 2, 3),
          median(clocks, 0, 3),
          Math.max(before, after),
          OperationTable.of(times.totals(), steps, median(clocks, 2, 3)),
          weights.reservedBytes(),
          activations.reservedBytes());
    }
  }

  /** The clock in nanoseconds: before the step, with the loss, with the gradients, at the end. */
  private static long[] step(
      Gpt model, AdamW optimizer, Tensor tokens, Tensor targets, Scope activations, OpTimes times) {
    long start = System.nanoTime();
    long half;
    try (Tape tape = Tape.timed(activations, times)) {
      model.clearGradients();
      Tensor loss = model.losses(tokens, targets).mean();
      half = System.nanoTime();
      tape.backward(loss);
    }
    long differentiated = System.nanoTime();
    try (Tape _ = Tape.inference(activations)) {
      Tensor norm = GradientClip.norm(model.parameters());
      optimizer.step(1e-4, GradientClip.coefficient(norm, 1));
    }
    return new long[] {start, half, differentiated, System.nanoTime()};
  }

  /** The median time between two readings of the clock, in seconds. */
  private static double median(List<long[]> clocks, int from, int to) {
    return MatrixRate.median(
        clocks.stream().map(clock -> (clock[to] - clock[from]) * 1e-9).toList());
  }

  private static Tensor randomTokens(Scope scope, BenchShape shape, int length, int stream) {
    Tensor tokens = scope.zeros(DType.I32, shape.batch(), length);
    Philox random = new Philox(1, stream);
    for (long i = 0; i < tokens.size(); i++) {
      tokens.set(i, random.below(i, shape.model().vocabulary()));
    }
    return tokens;
  }
}
