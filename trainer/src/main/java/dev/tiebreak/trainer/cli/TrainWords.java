package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.lab.train.TrainResult;
import java.nio.file.Path;

/** What is said when a training begins and when it ends. */
final class TrainWords {
  private TrainWords() {}

  static String headline(TrainConfig config, Estimate estimate, Dataset data, Path path) {
    boolean baseline = config.arm().equals(Arms.BASELINE);
    return Words.of(
        "Training %s in %s: %,d parameters, %,d steps of %,d tokens; text of %,d tokens (%s)%s",
        baseline ? "the baseline" : "the arm '" + config.arm() + "'",
        path,
        estimate.parameters().total(),
        config.training().steps(),
        config.tokensPerStep(),
        data.manifest().tokens(),
        data.manifest().tokenizer(),
        baseline ? "" : "\nShaped by " + config.describe());
  }

  static String ended(TrainResult result, RunFolder folder) {
    RunSummary summary = result.summary();
    if (!result.complete()) {
      return Words.of(
          """
          Stopped after step %d of %s; the checkpoint is %s.
          Go on with: tiebreak train --run %s --resume
          """,
          summary.steps(), folder.path(), result.checkpoint().folder(), Shell.word(folder.path()));
    }
    return Words.of(
        """
        Validation loss %.4f nats per token (lowest %.4f, at step %d), %,d steps in %s, %,.0f tokens/s.
        Everything is in %s: the model in %s, the curve in %s.
        Next: tiebreak generate --run %s --prompt "The"
        """,
        summary.valLoss(),
        summary.bestValLoss(),
        summary.bestStep(),
        summary.steps(),
        Quantities.clock(summary.timing().seconds()),
        summary.timing().tokensPerSecond(),
        folder.path(),
        folder.path().relativize(result.checkpoint().folder()),
        folder.path().relativize(folder.metrics()),
        Shell.word(folder.path()));
  }
}
