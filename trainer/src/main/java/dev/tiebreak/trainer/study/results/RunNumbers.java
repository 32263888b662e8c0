package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code summary.csv}: one row per number, of every complete run. */
final class RunNumbers {
  private RunNumbers() {}

  /** Run, quantity, value. */
  static Table table(StudyResults results) {
    Table.Builder table =
        Table.of("summary", "Every number of every run")
            .column("run", "Run", Format.TEXT)
            .column("quantity", "Quantity", Format.TEXT)
            .column("value", "Value", Format.NUMBER);
    results.runs().values().forEach(run -> add(table, results, run));
    return table.hidden();
  }

  private static void add(Table.Builder table, StudyResults results, RunResult run) {
    String name = run.id().toString();
    table.row(name, "steps", run.summary().steps());
    table.row(name, "tokens", run.summary().tokens());
    table.row(name, "parameters", run.summary().parameters());
    table.row(name, "val_loss", run.loss());
    table.row(name, "best_val_loss", run.summary().bestValLoss());
    table.row(name, "best_step", run.summary().bestStep());
    Stream.concat(Quantity.PREDICTIONS.stream(), Quantity.SIGNAL.stream())
        .forEach(quantity -> table.row(name, quantity.name(), quantity.of().applyAsDouble(run)));
    run.examination()
        .ifPresent(examination -> {
          deciles(table, name, "loss_by_frequency_", examination.lossByFrequency());
          deciles(table, name, "loss_by_difficulty_", examination.lossByDifficulty());
        });
    results
        .run(results.baseline().name(), run.id().seed())
        .filter(twin -> twin != run)
        .ifPresent(twin -> parting(table, run, twin));
  }

  private static void deciles(Table.Builder table, String run, String name, List<Double> losses) {
    for (int i = 0; i < losses.size(); i++) {
      table.row(run, name + (i + 1), losses.get(i));
    }
  }

  private static void parting(Table.Builder table, RunResult run, RunResult twin) {
    for (double limit : Parting.LIMITS) {
      OptionalLong step = Parting.step(run, twin, limit);
      table.row(
          run.id().toString(),
          "first_step_loss_differs_by_" + limit,
          step.isPresent() ? step.getAsLong() : null);
    }
  }
}
