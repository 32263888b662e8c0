package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.bench.BenchShape;
import dev.tiebreak.trainer.lab.bench.GenerateBench;
import dev.tiebreak.trainer.lab.bench.StepBench;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak bench}: a training step against the machine's own matrix rate. */
@Command(
    name = "bench",
    description =
        "Measures a training step, or generation, against what the machine itself can do.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tiebreak bench                       a 10.8 M model, 4,096 tokens a step",
      "  tiebreak bench --shape gpt2-124m     GPT-2's smallest model, 256 tokens a step",
      "  tiebreak bench --threads 1 --steps 20",
      "  tiebreak bench --generate            200 new tokens, one at a time"
    })
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--shape",
      defaultValue = "small",
      description = "tiny, small or gpt2-124m (default: ${DEFAULT-VALUE}).")
  private String shape;

  @Option(names = "--steps", defaultValue = "10", description = "Measured steps (default: 10).")
  private int steps;

  @Option(names = "--warm-up", defaultValue = "5", description = "Steps before (default: 5).")
  private int warmUp;

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = "Threads; 0 for all processors (default: 0).")
  private int threads;

  @Option(
      names = "--generate",
      description = "Measure generation at batch 1 instead, after a prompt of 16 tokens.")
  private boolean generate;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (steps < 1 || warmUp < 0 || threads < 0) {
      throw new UserError("--steps must be at least 1, --warm-up and --threads at least 0");
    }
    BenchShape measured = find(shape);
    try (CpuBackend cpu = threads == 0 ? CpuBackend.create() : CpuBackend.create(threads)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(cpu.description());
      out.flush();
      if (generate) {
        out.print(GenerateBench.run(cpu, measured).toText());
        return 0;
      }
      print(out, StepBench.run(cpu, measured, warmUp, steps));
    }
    return 0;
  }

  private static BenchShape find(String name) {
    return switch (name) {
      case "tiny" -> BenchShape.tiny();
      case "small" -> BenchShape.small();
      case "gpt2-124m" -> BenchShape.gpt2();
      default ->
          throw new UserError(Words.of("no shape '%s'; shapes are tiny, small, gpt2-124m", name));
    };
  }

  private static void print(PrintWriter out, StepBench.Result result) {
    BenchShape shape = result.shape();
    out.printf(
        Locale.ROOT,
        "%s: %d layers, %d channels, T %d, B %d, vocabulary %d, %,d weights%n",
        shape.name(),
        shape.model().layers(),
        shape.model().channels(),
        shape.model().sequenceLength(),
        shape.batch(),
        shape.model().vocabulary(),
        result.weights());
    out.printf(Locale.ROOT, "  matrix products   %8.1f GFLOP/s%n", result.matrixGflops());
    out.printf(
        Locale.ROOT,
        "  training step     %8.1f GFLOP/s = %.0f %% of that, counting 6 N + attention%n",
        result.gflops(),
        100 * result.share());
    out.printf(Locale.ROOT, "  tokens            %8.0f a second%n", result.tokensPerSecond());
    out.printf(
        Locale.ROOT,
        "  median times      %8.1f ms a step: forward %.1f, backward %.1f, clip and AdamW %.1f%n",
        1e3 * result.step(),
        1e3 * result.forward(),
        1e3 * result.backward(),
        1e3 * result.optimizer());
    out.printf(
        Locale.ROOT,
        "  memory            %8d MB weights, gradients, moments; %d MB activations%n",
        result.weightBytes() >> 20,
        result.activationBytes() >> 20);
    out.printf(Locale.ROOT, "%n%s", result.operations());
    out.flush();
  }
}
