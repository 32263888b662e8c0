package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.bench.BenchShape;
import dev.tiebreak.trainer.lab.bench.GenerateBench;
import dev.tiebreak.trainer.lab.bench.StepBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak bench}: a training step against the machine's own matrix rate. */
@Command(
    name = "bench",
    description =
        "Measures a training step, or generation, against what the machine itself can do.",
    footer = {
      "  tiebreak bench                       a 10.8 M model, 4,096 tokens a step",
      "  tiebreak bench --shape gpt2-124m     GPT-2's smallest model, 256 tokens a step",
      "  tiebreak bench --threads 1 --steps 20",
      "  tiebreak bench --generate            200 new tokens, one at a time"
    })
final class BenchCommand extends Action {
  @Option(
      names = "--shape",
      defaultValue = "small",
      description = "tiny, small or gpt2-124m (default: ${DEFAULT-VALUE}).")
  private String shape;

  @Option(names = "--steps", defaultValue = "10", description = "Measured steps (default: 10).")
  private int steps;

  @Option(names = "--warm-up", defaultValue = "5", description = "Steps before (default: 5).")
  private int warmUp;

  @Mixin private ThreadsOption threads;

  @Option(
      names = "--generate",
      description = "Measure generation at batch 1 instead, after a prompt of 16 tokens.")
  private boolean generate;

  @Override
  int run() {
    Check.user(steps > 0 && warmUp >= 0, "--steps must be at least 1, --warm-up at least 0");
    BenchShape measured = BenchShape.of(shape);
    try (CpuBackend cpu = CpuBackend.create(threads.count())) {
      print("%s%n", cpu.description());
      terminal().out().flush();
      print(
          "%s",
          generate
              ? GenerateBench.run(cpu, measured).toText()
              : StepBench.run(cpu, measured, warmUp, steps).toText());
    }
    return ExitCode.OK;
  }
}
