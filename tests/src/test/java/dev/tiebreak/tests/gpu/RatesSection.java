package dev.tiebreak.tests.gpu;

import static dev.tiebreak.tests.gpu.Report.text;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.bindings.cuda.Stream;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.Locale;

/**
 * What the GPU can do: a large matrix product in bf16, a copy, and the fifteen products of the 1.2b
 * model's step. On random data: on zeros a GPU is faster.
 */
final class RatesSection implements Section {
  private static final int REPEATS = 10;

  /** A weight of the model, (out, in). */
  private record Weight(String name, int out, int in) {}

  private static final Weight[] WEIGHTS = {
    new Weight("qkv", 3072, 2048),
    new Weight("out", 2048, 2048),
    new Weight("gate_up", 11_264, 2048),
    new Weight("down", 2048, 5632),
    new Weight("head", 50_304, 2048)
  };

  @Override
  public void run(Lab lab, Report report) {
    try (CudaBackend cuda = lab.open()) {
      int n = lab.size(8192, 32);
      double square = rate(cuda, Matmul.dense(false, false, n, n, n, 0), DType.BF16);
      report.fact("size", n);
      report.fact("teraflops", square);
      copy(lab, cuda, report);
      products(lab, cuda, report);
    }
  }

  private static void copy(Lab lab, CudaBackend cuda, Report report) {
    int n = lab.size(1 << 30, 1 << 10); // floats: 4 GiB, far beyond any cache
    try (Scope scope = cuda.newScope("copy")) {
      Tensor source = RandomBits.fill(scope.zeros(DType.F32, n));
      Tensor target = scope.zeros(DType.F32, n);
      Stream stream = cuda.stream();
      long bytes = (long) n * Float.BYTES;
      double milliseconds =
          Stopwatch.median(
              cuda, REPEATS, i -> stream.copy(target.address(), source.address(), bytes));
      report.fact("copy_gigabytes_per_second", 2 * bytes / milliseconds * 1e-6);
    }
  }

  private static void products(Lab lab, CudaBackend cuda, Report report) {
    int tokens = lab.size(16 * 2048, 24);
    Table.Builder table =
        report.table(
            String.format(
                Locale.ROOT, "Matrix products of the 1.2b model, %,d tokens, TFLOP/s", tokens),
            "weight",
            "(out, in)",
            "forward",
            "gradient of x",
            "gradient of the weight, float32");
    for (Weight weight : WEIGHTS) {
      int out = lab.simulated() ? weight.out / 64 : weight.out;
      int in = lab.simulated() ? weight.in / 64 : weight.in;
      Matmul forward = Matmul.dense(false, true, tokens, out, in, 0);
      Matmul dx = Matmul.dense(false, false, tokens, in, out, 0);
      Matmul dw = Matmul.dense(true, false, out, in, tokens, 0);
      table.row(
          weight.name,
          String.format(Locale.ROOT, "(%,d, %,d)", out, in),
          text("%.0f", rate(cuda, forward, DType.BF16)),
          text("%.0f", rate(cuda, dx, DType.BF16)),
          text("%.0f", rate(cuda, dw, DType.F32)));
    }
  }

  /** TFLOP/s of a product of bf16 matrices. */
  private static double rate(CudaBackend cuda, Matmul p, DType output) {
    try (Scope scope = cuda.newScope("product")) {
      Tensor a = RandomBits.fill(scope.zeros(DType.BF16, p.m(), p.k()));
      Tensor b = RandomBits.fill(scope.zeros(DType.BF16, p.k(), p.n()));
      Tensor c = scope.zeros(output, p.m(), p.n());
      double milliseconds =
          Stopwatch.median(
              cuda,
              REPEATS,
              i -> cuda.matmul(p, a.address(), b.address(), c.address(), DType.BF16, output));
      return 2.0 * p.m() * p.n() * p.k() / milliseconds * 1e-9;
    }
  }
}
