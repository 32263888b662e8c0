package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.examine.ValidationTokens;
import dev.tiebreak.trainer.lab.train.MetricsLine;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunSummary;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether all files of a run that hold its last validation loss hold the same: the summary, the
 * log, the examination and the losses of the single tokens, whose mean it is. Whoever changes one
 * of them by hand has to change all.
 */
final class LossCheck {
  private static final double ROUNDING = 1e-5; // nats: the tokens' losses are float32

  private LossCheck() {}

  static void of(RunFolder folder, RunSummary summary, Checks checks) {
    Map<String, Double> losses = new LinkedHashMap<>();
    MetricsLine.FORMAT.forEachWhole(
        folder.metrics(),
        (line, _) -> {
          if (line.kind() == MetricsLine.Kind.EVALUATION && line.step() == summary.steps()) {
            line.number(MetricsLine.VALIDATION_LOSS)
                .ifPresent(loss -> losses.put(folder.metrics().getFileName().toString(), loss));
          }
        });
    if (losses.isEmpty()) {
      checks.fails("losses", "the log has no evaluation after step " + summary.steps());
      return;
    }
    if (Files.exists(folder.examination())) {
      losses.put("examination.json", Examination.FORMAT.read(folder.examination()).loss());
    }
    if (Files.exists(folder.validation())) {
      losses.put("validation.safetensors", mean(ValidationTokens.load(folder.validation())));
    }
    for (Map.Entry<String, Double> one : losses.entrySet()) {
      if (!(Math.abs(one.getValue() - summary.valLoss()) <= ROUNDING)) {
        checks.fails(
            "losses",
            Words.of(
                "%.6f in the summary, but %.6f in %s",
                summary.valLoss(), one.getValue(), one.getKey()));
        return;
      }
    }
    checks.holds("losses", "");
  }

  private static double mean(ValidationTokens tokens) {
    double sum = 0;
    for (float loss : tokens.losses()) {
      sum += loss;
    }
    return sum / tokens.losses().length;
  }
}
