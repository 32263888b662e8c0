package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.Shell;
import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.config.Arms;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.data.Dataset;
import dev.tiebreak.trainer.demo.CurvePlot;
import dev.tiebreak.trainer.demo.DemoReport;
import dev.tiebreak.trainer.demo.PairedSamples;
import dev.tiebreak.trainer.demo.Twins;
import dev.tiebreak.trainer.generate.Generator;
import dev.tiebreak.trainer.generate.Sampling;
import dev.tiebreak.trainer.train.PreparedText;
import dev.tiebreak.trainer.train.TrainListener;
import dev.tiebreak.trainer.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak demo}: trains twins and shows what they have in common and what not. */
@Command(
    name = "demo",
    description = {
      "Trains twins on real text, one with plain cross-entropy and one with both shapings of the"
          + " signal, from the same weights and in the same order; draws both validation curves and"
          + " prints what each writes for the same prompts. A few minutes on two cores."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak demo                                    on the JDK's own documentation",
      "  tiebreak demo --text book.txt --run runs/book --prompt \"It was\"",
      "  tiebreak demo --preset tiny                      half a minute, to see how it goes",
      "  tiebreak demo --overwrite                        train both again"
    })
final class DemoCommand implements Callable<Integer> {
  private static final String PRESET = "quick";
  private static final double TEMPERATURE = 0.6; // models this small ramble above it
  private static final double TOP_P = 0.95;
  private static final int TOKENS = 48;

  @Mixin private ConfigOptions configOptions;

  @Mixin private RunOption runOption;

  @Option(names = "--overwrite", description = "Replace the runs in the folder.")
  private boolean overwrite;

  @Option(
      names = "--prompt",
      paramLabel = "<text>",
      description =
          "What both continue; may be repeated. By default four that suit the JDK's text.")
  private List<String> prompts = new ArrayList<>();

  @Mixin private CacheOption cacheOption;

  @Spec private CommandSpec spec;

  private Terminal terminal;
  private Trainer trainer; // of the twin whose turn it is
  private TrainProgress progress;
  private boolean stopping;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    if (spec.commandLine().getParseResult().hasMatchedOption("--arm")) {
      throw new UserError(
          "the demo always trains the arms baseline and both; leave out --arm, or use tiebreak train");
    }
    TrainConfig config = configOptions.config(PRESET);
    Path folder = runOption.folder().orElse(Path.of("runs", "demo"));
    List<String> asked = prompts.isEmpty() ? PairedSamples.PROMPTS : prompts;
    try (Dataset data =
        PreparedText.open(config.data(), cacheOption.folder(), status -> say(status + " ..."))) {
      asked.forEach(prompt -> Generator.check(data.tokenizer(), prompt));
      Twins twins;
      try (StopSignals signals = StopSignals.listen(this::stop)) {
        twins =
            Twins.train(
                config, data, folder, overwrite, this::listener, (_, next) -> started(next));
        if (!twins.complete()) {
          finishLine();
          say("Stopped. Go on with: " + again());
          return signals.exitCode();
        }
      } finally {
        finishLine();
      }
      report(twins, asked, folder, config);
      return ExitCode.OK;
    }
  }

  /** Ctrl-C; may come at any time, also before and between the twins. */
  private synchronized void stop() {
    stopping = true;
    if (trainer != null) {
      trainer.requestStop();
      progress.note("stopping after this step, with a checkpoint");
    }
  }

  private synchronized void started(Trainer next) {
    trainer = next;
    if (stopping) {
      trainer.requestStop();
    }
  }

  private synchronized TrainListener listener(String arm) {
    finishLine();
    String what =
        arm.equals(Arms.BASELINE)
            ? "Training the baseline: plain cross-entropy"
            : "Training its twin 'both': per-token gain and per-layer divergence scaling";
    say(terminal.styled(Terminal.Style.BOLD, what));
    progress = new TrainProgress(terminal);
    return progress;
  }

  private synchronized void finishLine() {
    if (progress != null) {
      progress.finish();
    }
  }

  /** The same command line, for a shell, but for what would throw the run away. */
  private String again() {
    return spec.root().commandLine().getParseResult().originalArgs().stream()
        .filter(argument -> !argument.startsWith("--overwrite"))
        .map(Shell::word)
        .collect(Collectors.joining(" ", "tiebreak ", ""));
  }

  private void report(Twins twins, List<String> asked, Path folder, TrainConfig config) {
    Sampling sampling = new Sampling(TEMPERATURE, 0, TOP_P, TOKENS, config.training().seed());
    List<PairedSamples> pairs = PairedSamples.write(folder, asked, sampling);
    PairedSamples.save(pairs, folder.resolve(PairedSamples.FILE));
    CurvePlot.save(twins, folder);
    int columns = TrainProgress.widthOf(terminal);
    terminal.out().print(DemoReport.text(twins, pairs, folder, columns));
    terminal.out().flush();
  }

  private void say(String text) {
    terminal.err().println(text);
    terminal.err().flush();
  }
}
