package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.examine.Examiner;
import dev.tiebreak.trainer.lab.examine.ModelDistance;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import dev.tiebreak.trainer.lab.train.LossCurves;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code tiebreak examine}: what can be said about a trained model beyond its loss. */
@Command(
    name = "examine",
    description = {
      "Runs a trained model over its validation tokens and shows how it predicts: loss, entropy,"
          + " the temperature that would suit it best, calibration, losses of rare and of difficult"
          + " tokens. With a second run, also how far apart the two models are."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak examine --run runs/demo/both",
      "  tiebreak examine --run runs/demo/both --against runs/demo/baseline",
      "  tiebreak examine --run runs/x --json x.json            the same as JSON, in a file"
    })
final class ExamineCommand implements Callable<Integer> {
  private static final double FINE = 1e-4; // relative differences of training losses
  private static final double COARSE = 1e-2;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "<folder>",
      description = "The run folder of the model.")
  private Path run;

  @Option(
      names = "--against",
      paramLabel = "<folder>",
      description = "Another run on the same text, such as its twin.")
  private Path against;

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Also write the numbers to a file, as JSON; otherwise nothing is written.")
  private Path json;

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = "Threads; 0 for all processors (default: 0).")
  private int threads;

  @Mixin private CacheOption cacheOption;

  @Mixin private DeviceOptions deviceOptions;

  @Spec private CommandSpec spec;

  /** A run and what was found out about it. */
  private record Examined(Path folder, long step, Examination examination) {}

  @Override
  public Integer call() {
    if (threads < 0) {
      throw new UserError("--threads must be at least 0");
    }
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    try (Backend backend = deviceOptions.device().open(count);
        LoadedModel model = LoadedModel.open(run, backend);
        Dataset data = data(run)) {
      TrainConfig config = ConfigBuilder.read(new RunFolder(run).config());
      Evaluation evaluation =
          new Batches(
                  data,
                  config.training().batch(),
                  config.model().sequenceLength(),
                  config.training().seed())
              .evaluation(config.evaluation().batches());
      List<Examined> all = new ArrayList<>();
      all.add(examine(run, model, evaluation, data, backend));
      if (against == null) {
        report(all);
        save(all.getFirst(), null);
        return ExitCode.OK;
      }
      requireSameText();
      try (LoadedModel other = LoadedModel.open(against, backend)) {
        ModelDistance distance =
            ModelDistance.between(model.model(), other.model(), evaluation); // checks the shapes
        all.add(examine(against, other, evaluation, data, backend));
        report(all);
        report(distance);
        save(all.getFirst(), distance);
      }
    }
    return ExitCode.OK;
  }

  /** The text of a run, which must still be what it was trained on. */
  private Dataset data(Path folder) {
    RunFolder view = new RunFolder(folder);
    Terminal terminal = Terminal.of(spec);
    Dataset data =
        PreparedText.open(
            ConfigBuilder.read(view.config()).data(),
            cacheOption.folder(),
            status -> terminal.err().println(status + " ..."));
    if (!data.manifest().tokensSha256().equals(manifest(folder).tokensHash())) {
      data.close();
      throw new UserError(
          Words.of(
              "the text of the run in %s is no longer the one it was trained on; restore it",
              folder));
    }
    return data;
  }

  private void requireSameText() {
    if (!manifest(against).tokensHash().equals(manifest(run).tokensHash())) {
      throw new UserError(
          Words.of(
              "the runs in %s and %s are of different texts; compare runs on the same one",
              run, against));
    }
  }

  private static RunManifest.Data manifest(Path folder) {
    return RunManifest.load(new RunFolder(folder).manifest()).data();
  }

  private static Examined examine(
      Path folder, LoadedModel loaded, Evaluation evaluation, Dataset data, Backend backend) {
    try (Scope kept = backend.newScope("evaluation tokens");
        Scope step = backend.newScope("evaluation step")) {
      TokenBatch batch = new TokenBatch(kept, evaluation.batch(), evaluation.sequence());
      Examiner examiner = new Examiner(loaded.model(), evaluation, data, step, batch);
      return new Examined(folder, loaded.step(), examiner.examine().examination());
    }
  }

  // ---- the report -------------------------------------------------------------------------------

  private void report(List<Examined> all) {
    say("%-32s%s", "", columns(all, examined -> name(examined.folder)));
    say("%-32s%s", "Step", columns(all, examined -> Words.of("%,d", examined.step)));
    say("%-32s%s", "Validation tokens", columns(all, e -> Words.of("%,d", e.examination.tokens())));
    row(all, "Loss, nats per token", "%.4f", Examination::loss);
    row(all, "  variance", "%.3f", Examination::variance);
    row(all, "  skew", "%.3f", Examination::skew);
    row(all, "  median", "%.4f", Examination::median);
    row(all, "  99th percentile", "%.4f", Examination::p99);
    row(all, "Entropy of predictions", "%.4f", Examination::entropy);
    row(all, "Best temperature T*", "%.4f", Examination::temperature);
    row(all, "  loss there", "%.4f", Examination::lossAtTemperature);
    row(all, "Expected calibration error", "%.4f", Examination::calibrationError);
    row(all, "Right at first guess, %", "%.2f", e -> 100 * e.accuracy());
    if (all.stream().anyMatch(examined -> examined.examination.temperatureAtEdge())) {
      say("A T* of 0.5 or 2 is the end of the range searched: the best one lies beyond it.");
    }
    say("%nLoss by frequency in the training text, a tenth of the tokens each, rarest first");
    all.forEach(e -> say("%s  %s", deciles(e.examination.lossByFrequency()), name(e.folder)));
    say("Loss by difficulty (surprisal of a bigram model), easiest first");
    all.forEach(e -> say("%s  %s", deciles(e.examination.lossByDifficulty()), name(e.folder)));
  }

  private void row(
      List<Examined> all, String label, String format, ToDoubleFunction<Examination> number) {
    say("%-32s%s", label, columns(all, e -> Words.of(format, number.applyAsDouble(e.examination))));
  }

  private static String columns(List<Examined> all, Function<Examined, String> text) {
    return all.stream()
        .map(examined -> Words.of("%16s", text.apply(examined)))
        .collect(Collectors.joining());
  }

  private static String name(Path folder) {
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return name.length() <= 14 ? name : name.substring(0, 13) + "~";
  }

  private static String deciles(List<Double> losses) {
    return losses.stream().map("%7.3f"::formatted).collect(Collectors.joining());
  }

  private void report(ModelDistance distance) {
    say("%nDistance of %s from %s", run, against);
    say("  weights, relative to theirs      %.4g", distance.weights());
    say(
        "  block by block                  %s",
        distance.blocks().stream()
            .limit(12)
            .map(" %.4g"::formatted)
            .collect(Collectors.joining("", "", distance.blocks().size() > 12 ? " ..." : "")));
    say("  predictions, KL                  %.4g nats per token", distance.divergence());
    if (hasMetrics()) {
      say(
          "  training losses first differ by more than 0.01 %% %s, by more than 1 %% %s",
          when(firstDifference(FINE)), when(firstDifference(COARSE)));
    }
  }

  /** They may have been removed: a model needs none. */
  private boolean hasMetrics() {
    return Files.exists(new RunFolder(run).metrics())
        && Files.exists(new RunFolder(against).metrics());
  }

  private OptionalLong firstDifference(double limit) {
    return LossCurves.firstDifference(
        new RunFolder(run).metrics(), new RunFolder(against).metrics(), limit);
  }

  private static String when(OptionalLong step) {
    return step.isPresent() ? "at step " + step.getAsLong() : "never";
  }

  private void say(String format, Object... values) {
    spec.commandLine().getOut().printf(Locale.ROOT, format + "%n", values);
  }

  private void save(Examined examined, ModelDistance distance) {
    if (json == null) {
      return;
    }
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode tree = (ObjectNode) mapper.readTree(Examination.FORMAT.text(examined.examination));
    tree.put("step", examined.step);
    if (distance != null) {
      ObjectNode apart = tree.putObject("distance");
      apart.put("weights", distance.weights());
      distance.blocks().forEach(apart.putArray("blocks")::add);
      apart.put("kl", distance.divergence());
      if (hasMetrics()) {
        putStep(apart, "first_step_apart_0.0001", firstDifference(FINE));
        putStep(apart, "first_step_apart_0.01", firstDifference(COARSE));
      }
    }
    try {
      AtomicFiles.writeString(json, tree.toPrettyString() + "\n");
    } catch (IOException e) {
      throw UserError.io("write the numbers", json, e);
    }
  }

  private static void putStep(ObjectNode apart, String name, OptionalLong step) {
    if (step.isPresent()) {
      apart.put(name, step.getAsLong());
    } else {
      apart.putNull(name);
    }
  }
}
