package dev.tiebreak.tests.gpu;

import static dev.tiebreak.tests.gpu.Report.text;

import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaLibrary;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * cuDNN's attention and our own kernels against float32 on the CPU and against each other, forwards
 * and backwards, with results allocated where NaN lies: an element that nobody writes is seen.
 */
final class AttentionSection implements Section {
  private static final double BF16_LIMIT = 1e-2;
  private static final double F32_LIMIT = 1e-4;
  private static final int REPEATS = 10;

  /** x (B, T, (H + 2 KV) D). */
  private record Sizes(int batch, int length, int heads, int kvHeads, int size) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "B %d, T %d, H %d, KV %d, D %d", batch, length, heads, kvHeads, size);
    }

    /** Multiplications and additions of two products, of which a causal model needs half. */
    double forwardFlops() {
      return 2.0 * batch * heads * length * (double) length * size;
    }
  }

  /** y and the gradient of x. */
  private record Pass(double[] output, double[] gradient) {}

  @Override
  public void run(Lab lab, Report report) {
    List<Sizes> all =
        lab.simulated()
            ? List.of(new Sizes(1, 40, 4, 2, 16))
            : List.of(
                new Sizes(2, 256, 4, 4, 64), // as in PyTorch's log
                new Sizes(2, 333, 6, 2, 64), // no power of two
                new Sizes(2, 1024, 12, 12, 64), // gpt2-124m
                new Sizes(2, 2048, 16, 4, 128)); // 1.2b
    boolean cudnn = Cuda.probe().has(CudaLibrary.CUDNN);
    if (!cudnn) {
      report.note("There is no cuDNN here: only our own kernels were run.");
    }
    Table.Builder errors =
        report.table(
            "Attention: relative errors |a - b| / |b|", "sizes", "what", "output", "gradient");
    Table.Builder times =
        report.table(
            "Attention: times in bf16",
            "sizes",
            "kernels",
            "forward, ms",
            "TFLOP/s",
            "forward and backward, ms",
            "TFLOP/s of both");
    for (Sizes sizes : all) {
      Pass exact;
      try (CpuBackend cpu = CpuBackend.create(Runtime.getRuntime().availableProcessors())) {
        exact = pass(cpu, DType.F32, sizes);
      }
      Pass single = onGpu(lab, AttentionChoice.OWN, DType.F32, sizes);
      compare(report, errors, sizes, "own, float32, against the CPU", single, exact, F32_LIMIT);
      Pass own = onGpu(lab, AttentionChoice.OWN, DType.BF16, sizes);
      compare(report, errors, sizes, "own, bf16, against the CPU", own, exact, BF16_LIMIT);
      time(lab, AttentionChoice.OWN, sizes, times);
      if (cudnn) {
        Pass theirs = onGpu(lab, AttentionChoice.CUDNN, DType.BF16, sizes);
        compare(report, errors, sizes, "cuDNN, bf16, against the CPU", theirs, exact, BF16_LIMIT);
        compare(report, errors, sizes, "cuDNN against own, bf16", theirs, own, BF16_LIMIT);
        time(lab, AttentionChoice.CUDNN, sizes, times);
      }
    }
  }

  private static void compare(
      Report report,
      Table.Builder table,
      Sizes sizes,
      String what,
      Pass actual,
      Pass expected,
      double limit) {
    double output = Errors.relative(actual.output, expected.output);
    double gradient = Errors.relative(actual.gradient, expected.gradient);
    table.row(sizes, what, text("%.2e", output), text("%.2e", gradient));
    report.checkBelow(what + ", output, " + sizes, output, limit);
    report.checkBelow(what + ", gradient, " + sizes, gradient, limit);
  }

  private static Pass onGpu(Lab lab, AttentionChoice choice, DType dtype, Sizes sizes) {
    try (CudaBackend cuda = lab.open(choice)) {
      return pass(cuda, dtype, sizes);
    }
  }

  private static Pass pass(Backend backend, DType dtype, Sizes sizes) {
    try (Scope inputs = backend.newScope("inputs");
        Scope step = backend.newScope("step")) {
      Tensor x = input(inputs, dtype, sizes);
      Tensor dy = upstream(inputs, dtype, sizes);
      Errors.poison(step, 8 * x.size());
      try (Tape tape = Tape.start(step)) {
        Tensor y = Attention.causal(x, sizes.heads, sizes.kvHeads);
        double[] output = y.toDoubles();
        tape.backward(y, dy);
        return new Pass(output, x.gradient().toDoubles());
      }
    }
  }

  /** The same random bfloat16 numbers in whatever type. */
  private static Tensor input(Scope scope, DType dtype, Sizes s) {
    int width = (s.heads + 2 * s.kvHeads) * s.size;
    Tensor x = scope.zeros(dtype, s.batch, s.length, width).requireGradient();
    return RandomBits.fill(x, 1);
  }

  private static Tensor upstream(Scope scope, DType dtype, Sizes s) {
    return RandomBits.fill(scope.zeros(dtype, s.batch, s.length, s.heads * s.size), 2);
  }

  private static void time(Lab lab, AttentionChoice choice, Sizes sizes, Table.Builder table) {
    try (CudaBackend cuda = lab.open(choice);
        Scope inputs = cuda.newScope("inputs");
        Scope step = cuda.newScope("step")) {
      Tensor x = input(inputs, DType.BF16, sizes);
      Tensor dy = upstream(inputs, DType.BF16, sizes);
      List<Double> milliseconds = new ArrayList<>();
      for (boolean backward : new boolean[] {false, true}) {
        milliseconds.add(
            Stopwatch.median(
                cuda,
                lab.size(REPEATS, 1),
                i -> {
                  x.clearGradient();
                  try (Tape tape = Tape.start(step)) {
                    Tensor y = Attention.causal(x, sizes.heads, sizes.kvHeads);
                    if (backward) {
                      tape.backward(y, dy);
                    }
                  }
                }));
      }
      double forward = milliseconds.get(0);
      double both = milliseconds.get(1);
      table.row(
          sizes,
          choice,
          text("%.3f", forward),
          text("%.0f", sizes.forwardFlops() / forward * 1e-9),
          text("%.3f", both),
          text("%.0f", 3.5 * sizes.forwardFlops() / both * 1e-9)); // backward: five products
    }
  }
}
