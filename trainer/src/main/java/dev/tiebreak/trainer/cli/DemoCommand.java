package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.config.Arm;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.data.Dataset;
import dev.tiebreak.trainer.demo.CurvePlot;
import dev.tiebreak.trainer.demo.DemoReport;
import dev.tiebreak.trainer.demo.PairedSamples;
import dev.tiebreak.trainer.demo.Twins;
import dev.tiebreak.trainer.generate.Sampling;
import dev.tiebreak.trainer.train.PreparedText;
import dev.tiebreak.trainer.train.TrainListener;
import dev.tiebreak.trainer.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
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
  private static final double TEMPERATURE = 0.8;
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

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    TrainConfig config = configOptions.config(PRESET);
    Path folder = runOption.folder().orElse(Path.of("runs", "demo"));
    try (Dataset data =
        PreparedText.open(
            config.data(), PreparedText.userCache(), status -> say(terminal, status + " ..."))) {
      AtomicReference<Trainer> current = new AtomicReference<>();
      AtomicReference<TrainProgress> progress = new AtomicReference<>();
      Runnable stop =
          () -> {
            current.get().requestStop();
            progress.get().note("stopping after this step, with a checkpoint");
          };
      try (StopSignals signals = StopSignals.listen(stop)) {
        Twins twins =
            Twins.train(
                config,
                data,
                folder,
                overwrite,
                arm -> listener(arm, terminal, progress),
                (_, trainer) -> current.set(trainer));
        progress.get().finish();
        if (!twins.complete()) {
          say(terminal, "Stopped. Go on with: tiebreak demo --run " + folder);
          return signals.exitCode();
        }
        report(terminal, twins, folder, config);
        return ExitCode.OK;
      } finally {
        if (progress.get() != null) {
          progress.get().finish();
        }
      }
    }
  }

  private TrainListener listener(
      Arm arm, Terminal terminal, AtomicReference<TrainProgress> progress) {
    if (progress.get() != null) {
      progress.get().finish();
    }
    String what =
        arm == Arm.BASELINE
            ? "Training the baseline: plain cross-entropy"
            : "Training its twin 'both': per-token gain and per-layer divergence scaling";
    say(terminal, terminal.styled(Terminal.Style.BOLD, what));
    TrainProgress next = new TrainProgress(terminal);
    progress.set(next);
    return next;
  }

  private void report(Terminal terminal, Twins twins, Path folder, TrainConfig config) {
    Sampling sampling = new Sampling(TEMPERATURE, 0, TOP_P, TOKENS, config.training().seed());
    List<String> asked = prompts.isEmpty() ? PairedSamples.PROMPTS : prompts;
    List<PairedSamples> pairs = PairedSamples.write(folder, asked, sampling);
    PairedSamples.save(pairs, folder.resolve(PairedSamples.FILE));
    CurvePlot.save(twins, folder);
    terminal.out().print(DemoReport.text(twins, pairs, folder));
    terminal.out().flush();
  }

  private static void say(Terminal terminal, String text) {
    terminal.err().println(text);
    terminal.err().flush();
  }
}
