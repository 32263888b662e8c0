package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.lab.config.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * When twins part: they begin with the same weights and see the same data, but what differs between
 * them, be it the last bit of a gradient, grows. "The same seed" then means equal beginnings, not
 * equal ways.
 */
final class Parting {
  /** Relative differences of the training loss whose first step is looked for. */
  static final double[] LIMITS = {0, 0.001, 0.01};

  private Parting() {}

  /** The first step that both logged at which |a - b| / |b| is above the limit. */
  static OptionalLong step(RunResult run, RunResult twin, double limit) {
    Series a = run.metrics().step("loss");
    Series b = twin.metrics().step("loss");
    for (int i = 0; i < a.size(); i++) {
      double other = b.at(a.step(i));
      if (Math.abs(a.value(i) - other) > limit * Math.abs(other)) {
        return OptionalLong.of(a.step(i));
      }
    }
    return OptionalLong.empty();
  }

  /** A row for each run that has a twin. */
  static Table table(StudyResults results) {
    Table.Builder table = Table.of("parting", "").column("run", "run", Format.TEXT);
    for (double limit : LIMITS) {
      String heading = limit == 0 ? "at all" : "by " + Format.percent(limit);
      table.column("step_" + limit, heading, Format.COUNT);
    }
    for (Arm arm : results.treatments()) {
      for (RunResult run : results.runs(arm)) {
        results
            .run(results.baseline().name(), run.id().seed())
            .ifPresent(twin -> table.row(row(run, twin)));
      }
    }
    return table.whole();
  }

  private static Object[] row(RunResult run, RunResult twin) {
    List<Object> row = new ArrayList<>(List.of(run.id().toString()));
    for (double limit : LIMITS) {
      OptionalLong step = step(run, twin, limit);
      row.add(step.isPresent() ? step.getAsLong() : null);
    }
    return row.toArray();
  }
}
