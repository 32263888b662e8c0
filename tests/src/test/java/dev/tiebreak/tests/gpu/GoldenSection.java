package dev.tiebreak.tests.gpu;

import static dev.tiebreak.tests.gpu.Report.text;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tests.golden.GoldenTraining;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.Arrays;
import java.util.List;

/** Both golden models, which PyTorch trained in float64, on the GPU in both number formats. */
final class GoldenSection implements Section {
  private static final double F32_LIMIT = 1e-4;
  private static final double BF16_LOSS_LIMIT = 1e-2;
  private static final double BF16_MODEL_LIMIT = 3e-2; // some ten roundings to 8 bits in a row

  @Override
  public void run(Lab lab, Report report) {
    Table.Builder table =
        report.table(
            "Golden models: relative errors |a - b| / |b|",
            "model",
            "numbers",
            "logits",
            "all gradients",
            "losses",
            "gradient norms");
    for (String model : List.of("gpt2", "llama")) {
      for (DType type : List.of(DType.F32, DType.BF16)) {
        List<GoldenTraining.Pair> pairs =
            GoldenTraining.run(model, lab.open(), type, lab.size(10, 3));
        double logits = error(pairs, "logits");
        double gradients = gradients(pairs);
        double losses = error(pairs, "losses");
        double norms = error(pairs, "gradient norms");
        table.row(
            model,
            type,
            text("%.1e", logits),
            text("%.1e", gradients),
            text("%.1e", losses),
            text("%.1e", norms));
        String name = model + ", " + type + ", ";
        double limit = type == DType.F32 ? F32_LIMIT : BF16_LOSS_LIMIT;
        double wider = type == DType.F32 ? F32_LIMIT : BF16_MODEL_LIMIT;
        report.checkBelow(name + "logits", logits, wider);
        report.checkBelow(name + "all gradients", gradients, wider);
        report.checkBelow(name + "losses", losses, limit);
        report.checkBelow(name + "gradient norms", norms, wider);
      }
    }
  }

  private static double error(List<GoldenTraining.Pair> pairs, String name) {
    GoldenTraining.Pair pair =
        pairs.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    return Errors.relative(pair.actual(), pair.expected());
  }

  /** Of all gradients as one long vector. */
  private static double gradients(List<GoldenTraining.Pair> pairs) {
    List<GoldenTraining.Pair> gradients =
        pairs.stream().filter(pair -> pair.name().startsWith("grad/")).toList();
    return Errors.relative(
        gradients.stream().flatMapToDouble(pair -> Arrays.stream(pair.actual())).toArray(),
        gradients.stream().flatMapToDouble(pair -> Arrays.stream(pair.expected())).toArray());
  }
}
