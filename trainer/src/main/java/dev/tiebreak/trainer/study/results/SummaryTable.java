package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.lab.examine.Examination;
import java.util.List;
import java.util.stream.Stream;

/** {@code summary.csv}: one row per number, of every complete run. */
final class SummaryTable {
  private SummaryTable() {}

  /** Run, quantity, value. */
  static String csv(StudyResults results) {
    StringBuilder csv = new StringBuilder("run,quantity,value\n");
    for (RunResult run : results.runs().values()) {
      String name = run.id().toString();
      row(csv, name, "steps", Long.toString(run.summary().steps()));
      row(csv, name, "tokens", Long.toString(run.summary().tokens()));
      row(csv, name, "parameters", Long.toString(run.summary().parameters()));
      row(csv, name, "val_loss", Numbers.csv(run.loss()));
      row(csv, name, "best_val_loss", Numbers.csv(run.summary().bestValLoss()));
      row(csv, name, "best_step", Long.toString(run.summary().bestStep()));
      Stream.concat(Quantity.PREDICTIONS.stream(), Quantity.SIGNAL.stream())
          .forEach(quantity ->
              row(csv, name, quantity.name(), Numbers.csv(quantity.of().applyAsDouble(run))));
      run.examination().ifPresent(examination -> deciles(csv, name, examination));
      results
          .run(results.baseline().name(), run.id().seed())
          .filter(twin -> twin != run)
          .ifPresent(twin -> parting(csv, run, twin));
    }
    return csv.toString();
  }

  private static void deciles(StringBuilder csv, String run, Examination examination) {
    deciles(csv, run, "loss_by_frequency_", examination.lossByFrequency());
    deciles(csv, run, "loss_by_difficulty_", examination.lossByDifficulty());
  }

  private static void deciles(StringBuilder csv, String run, String name, List<Double> losses) {
    for (int i = 0; i < losses.size(); i++) {
      row(csv, run, name + (i + 1), Numbers.csv(losses.get(i)));
    }
  }

  private static void parting(StringBuilder csv, RunResult run, RunResult twin) {
    for (double limit : Parting.LIMITS) {
      String step =
          Parting.step(run, twin, limit).stream().mapToObj(Long::toString).findFirst().orElse("");
      row(csv, run.id().toString(), "first_step_loss_differs_by_" + limit, step);
    }
  }

  private static void row(StringBuilder csv, String run, String quantity, String value) {
    csv.append(run).append(',').append(quantity).append(',').append(value).append('\n');
  }
}
