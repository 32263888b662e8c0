package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.lab.train.TrainResult;
import dev.tiebreak.trainer.lab.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak train}: trains one model in a run folder. */
@Command(
    name = "train",
    description = {
      "Trains a model on a text and writes everything about it into one folder. Ctrl-C ends after"
          + " the current step with a checkpoint; --resume goes on from there to the same bytes as"
          + " if nothing had happened."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak train --preset tiny                             seconds, to see that it works",
      "  tiebreak train --preset quick --text book.txt --run runs/book",
      "  tiebreak train --preset quick --arm both --seed 2        both shapings of the signal on",
      "  tiebreak train --preset quick --set optimizer.lr=1e-3 --set training.steps=2000",
      "  tiebreak train --run runs/book --resume                  go on after Ctrl-C or a crash"
    })
final class TrainCommand implements Callable<Integer> {
  private static final String PRESET = "quick";

  @Mixin private ConfigOptions configOptions;

  @Mixin private RunOption runOption;

  @ArgGroup(multiplicity = "0..1")
  private ExistingRun existingRun;

  /** What to do with a run that is there already: one of the two. */
  static final class ExistingRun {
    @Option(names = "--resume", description = "Go on with the run in the folder.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replace the run in the folder.")
    private boolean overwrite;
  }

  @Mixin private CacheOption cacheOption;

  @Mixin private DeviceOptions deviceOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Mode mode = mode();
    Path path = runOption.folder().orElseGet(this::usualFolder);
    TrainConfig config = mode == Mode.RESUME ? resumed(path) : configOptions.config(PRESET);
    Terminal terminal = Terminal.of(spec);
    Device device = deviceOptions.device();
    device.require(config.training().precision());
    try (HeldRun folder = HeldRun.open(path, mode);
        Dataset data =
            PreparedText.open(
                config.data(), cacheOption.folder(), status -> say(terminal, status + " ..."))) {
      Estimate estimate = MemoryCheck.requireRoom(config, data.manifest().vocabulary(), device);
      say(terminal, headline(config, estimate.parameters().total(), data, path));
      return train(config, data, folder, device, terminal);
    }
  }

  private Mode mode() {
    if (existingRun == null) {
      return Mode.NEW;
    }
    return existingRun.resume ? Mode.RESUME : Mode.OVERWRITE;
  }

  /** {@code runs/<preset or file>}, with the arm where it is not the baseline. */
  private Path usualFolder() {
    String name = spec.commandLine().getParseResult().matchedOptionValue("--preset", PRESET);
    Path file = spec.commandLine().getParseResult().matchedOptionValue("--config", null);
    if (file != null) {
      name = file.getFileName().toString().replaceFirst("\\.toml$", "");
    }
    String arm = configOptions.config(PRESET).arm();
    return Path.of("runs", arm.equals(Arms.BASELINE) ? name : name + "-" + arm);
  }

  /** A resumed run keeps its configuration; options may repeat it but not change it. */
  private TrainConfig resumed(Path path) {
    Path file = new RunFolder(path).config();
    if (!Files.exists(file)) {
      throw new UserError("there is no run in " + path + " to resume; leave out --resume");
    }
    TrainConfig begun = ConfigBuilder.read(file);
    TrainConfig asked = configOptions.config(file.toString());
    if (!asked.equals(begun)) {
      throw new UserError(
          Words.of(
              "cannot resume %s with other settings: %s; leave that out, or train anew with --overwrite or another --run",
              path, firstDifference(begun, asked)));
    }
    return begun;
  }

  private static String firstDifference(TrainConfig begun, TrainConfig asked) {
    String section = "";
    Iterator<String> others = asked.toToml().lines().iterator();
    for (String line : begun.toToml().lines().toList()) {
      String other = others.next();
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.equals(other)) {
        return "it has " + section + "." + line + ", asked for is " + section + "." + other;
      }
    }
    throw new AssertionError("unequal configurations differ in a line");
  }

  private int train(
      TrainConfig config, Dataset data, HeldRun folder, Device device, Terminal terminal) {
    TrainProgress progress = new TrainProgress(terminal);
    Trainer trainer = new Trainer(config, data, folder, device, progress);
    Runnable stop =
        () -> {
          trainer.requestStop();
          progress.note(
              "stopping after this step, with a checkpoint; press Ctrl-C again to quit at once");
        };
    try (StopSignals signals = StopSignals.listen(stop)) {
      TrainResult result = trainer.run();
      progress.finish();
      terminal
          .out()
          .print(
              result.complete()
                  ? report(result, folder.folder())
                  : stopped(result, folder.folder()));
      terminal.out().flush();
      return result.complete() ? ExitCode.OK : signals.exitCode();
    } finally {
      progress.finish();
    }
  }

  private static void say(Terminal terminal, String text) {
    terminal.err().println(text);
    terminal.err().flush();
  }

  private static String headline(TrainConfig config, long parameters, Dataset data, Path path) {
    return Words.of(
        "Training %s in %s: %,d parameters, %,d steps of %,d tokens; text of %,d tokens (%s)",
        config.arm().equals(Arms.BASELINE) ? "the baseline" : "the arm '" + config.arm() + "'",
        path,
        parameters,
        config.training().steps(),
        config.tokensPerStep(),
        data.manifest().tokens(),
        data.manifest().tokenizer());
  }

  private static String report(TrainResult result, RunFolder folder) {
    RunSummary summary = result.summary();
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
        TrainProgress.duration(summary.timing().seconds()),
        summary.timing().tokensPerSecond(),
        folder.path(),
        folder.path().relativize(result.checkpoint().folder()),
        folder.path().relativize(folder.metrics()),
        Shell.word(folder.path()));
  }

  private static String stopped(TrainResult result, RunFolder folder) {
    return Words.of(
        """
        Stopped after step %d of %s; the checkpoint is %s.
        Go on with: tiebreak train --run %s --resume
        """,
        result.summary().steps(),
        folder.path(),
        result.checkpoint().folder(),
        Shell.word(folder.path()));
  }
}
