package dev.tiebreak.tests.gpu;

import static dev.tiebreak.tests.gpu.Report.text;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.tensor.table.OpCase;
import dev.tiebreak.tensor.table.OpTable;
import dev.tiebreak.tests.cuda.OpParity;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Every line of the table of operations, forwards and backwards, against the CPU on the same
 * numbers: in float32, in bf16, and in bf16 with float32 gradients of weights. A fault of one
 * operation can break the GPU's context for those after it: the first that fails is the one to look
 * at.
 */
final class ParitySection implements Section {
  private static final double F32_LIMIT = 1e-4;
  private static final double BF16_LIMIT = 1e-2;

  private int held;
  private int all;

  @Override
  public void run(Lab lab, Report report) {
    Map<String, double[]> worst = new TreeMap<>(); // by operation, one number per way to compute
    int threads = Runtime.getRuntime().availableProcessors();
    List<OpCase> cases = OpTable.cases().toList();
    try (CpuBackend cpu = CpuBackend.create(threads);
        CudaBackend cuda = lab.open(AttentionChoice.OWN)) {
      for (OpCase op : cases) {
        double[] errors = worst.computeIfAbsent(operation(op), _ -> new double[3]);
        compare(report, errors, 0, op, F32_LIMIT, () -> OpParity.compare(cpu, cuda, op, DType.F32));
        compare(
            report, errors, 1, op, BF16_LIMIT, () -> OpParity.compare(cpu, cuda, op, DType.BF16));
        if (OpParity.hasWeights(op)) {
          compare(
              report,
              errors,
              2,
              op,
              BF16_LIMIT,
              () -> OpParity.compareWithWideGradients(cpu, cuda, op));
        }
      }
    }
    report.check("all comparisons", held == all, held + " of " + all + " hold");
    table(report, worst);
  }

  /** Only what does not hold is a check of its own: there are a thousand. */
  private void compare(
      Report report,
      double[] errors,
      int way,
      OpCase op,
      double limit,
      Supplier<OpParity.Deviation> comparison) {
    String name = op + List.of(", float32", ", bf16", ", bf16, float32 gradients").get(way);
    all++;
    try {
      OpParity.Deviation deviation = comparison.get();
      if (!(errors[way] >= deviation.error())) { // NaN is the worst
        errors[way] = deviation.error();
      }
      if (deviation.error() < limit) {
        held++;
      } else {
        report.checkBelow(name + ", " + deviation.place(), deviation.error(), limit);
      }
    } catch (RuntimeException | AssertionError e) {
      errors[way] = Double.NaN;
      report.check(name, false, String.valueOf(e));
    }
  }

  /** The method's name, with which a line of the table begins. */
  private static String operation(OpCase op) {
    return op.name().split("\\W")[0];
  }

  private static void table(Report report, Map<String, double[]> worst) {
    Table.Builder table =
        report.table(
            "Operations: largest difference to the CPU over the largest element",
            "operation",
            "float32",
            "bf16",
            "bf16, float32 gradients of weights");
    worst.forEach((operation, errors) ->
        table.row(
            operation,
            text("%.1e", errors[0]),
            text("%.1e", errors[1]),
            errors[2] == 0 ? "" : text("%.1e", errors[2])));
  }
}
