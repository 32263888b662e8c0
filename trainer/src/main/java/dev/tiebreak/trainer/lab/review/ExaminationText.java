package dev.tiebreak.trainer.lab.review;

import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was found out about one run or two, for a person and for a program. */
public record ExaminationText(List<RunExamination> runs, Optional<RunExamination.Pair> pair) {
  private static final int LONGEST_NAME = 14;
  private static final int MOST_BLOCKS = 12;

  /** One run. */
  public static ExaminationText of(RunExamination run) {
    return new ExaminationText(List.of(run), Optional.empty());
  }

  /** Two runs side by side, and how far apart they are. */
  public static ExaminationText of(RunExamination.Pair pair) {
    return new ExaminationText(List.of(pair.run(), pair.other()), Optional.of(pair));
  }

  /** Tables that fit a screen. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    row(text, "", run -> name(run));
    row(text, "Step", run -> Words.of("%,d", run.step()));
    row(text, "Validation tokens", run -> Words.of("%,d", run.numbers().tokens()));
    row(text, "Loss, nats per token", "%.4f", Examination::loss);
    row(text, "  variance", "%.3f", Examination::variance);
    row(text, "  skew", "%.3f", Examination::skew);
    row(text, "  median", "%.4f", Examination::median);
    row(text, "  99th percentile", "%.4f", Examination::p99);
    row(text, "Entropy of predictions", "%.4f", Examination::entropy);
    row(text, "Best temperature T*", "%.4f", Examination::temperature);
    row(text, "  loss there", "%.4f", Examination::lossAtTemperature);
    row(text, "Expected calibration error", "%.4f", Examination::calibrationError);
    row(text, "Right at first guess, %", "%.2f", numbers -> 100 * numbers.accuracy());
    if (runs.stream().anyMatch(run -> run.numbers().temperatureAtEdge())) {
      text.append(
          "A T* of 0.5 or 2 is the end of the range searched: the best one lies beyond it.\n");
    }
    text.append(
        "\nLoss by frequency in the training text, a tenth of the tokens each, rarest first\n");
    runs.forEach(run -> deciles(text, run, run.numbers().lossByFrequency()));
    text.append("Loss by difficulty (surprisal of a bigram model), easiest first\n");
    runs.forEach(run -> deciles(text, run, run.numbers().lossByDifficulty()));
    pair.ifPresent(two -> distance(text, two));
    return text.toString();
  }

  private void row(
      StringBuilder text, String label, String format, ToDoubleFunction<Examination> number) {
    row(text, label, run -> Words.of(format, number.applyAsDouble(run.numbers())));
  }

  private void row(StringBuilder text, String label, Function<RunExamination, String> value) {
    text.append(Words.of("%-32s", label));
    runs.forEach(run -> text.append(Words.of("%16s", value.apply(run))));
    text.append('\n');
  }

  private static String name(RunExamination run) {
    String name = run.run().toAbsolutePath().normalize().getFileName().toString();
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "~";
  }

  private static void deciles(StringBuilder text, RunExamination run, List<Double> losses) {
    losses.forEach(loss -> text.append(Words.of("%7.3f", loss)));
    text.append("  ").append(name(run)).append('\n');
  }

  private static void distance(StringBuilder text, RunExamination.Pair pair) {
    List<Double> blocks = pair.distance().blocks();
    text.append(
        Words.of(
            """

            Distance of %s from %s
              weights, relative to theirs      %.4g
              block by block                  %s%s
              predictions, KL                  %.4g nats per token
            """,
            pair.run().run(),
            pair.other().run(),
            pair.distance().weights(),
            blocks.stream()
                .limit(MOST_BLOCKS)
                .map(block -> Words.of(" %.4g", block))
                .collect(Collectors.joining()),
            blocks.size() > MOST_BLOCKS ? " ..." : "",
            pair.distance().divergence()));
    if (pair.hasMetrics()) {
      text.append(
          Words.of(
              "  training losses first differ by more than 0.01 %% %s, by more than 1 %% %s\n",
              when(pair.fine()), when(pair.coarse())));
    }
  }

  private static String when(OptionalLong step) {
    return step.isPresent() ? "at step " + step.getAsLong() : "never";
  }

  /**
   * Writes the numbers of the first run, and the distance if there are two.
   *
   * @throws dev.tiebreak.trainer.base.UserError if that fails
   */
  public void save(Path file) {
    RunExamination first = runs.getFirst();
    ObjectNode tree =
        (ObjectNode) JsonMapper.shared().readTree(Examination.FORMAT.text(first.numbers()));
    tree.put("step", first.step());
    pair.ifPresent(two -> {
      ObjectNode apart = tree.putObject("distance");
      apart.put("weights", two.distance().weights());
      two.distance().blocks().forEach(apart.putArray("blocks")::add);
      apart.put("kl", two.distance().divergence());
      if (two.hasMetrics()) {
        putStep(apart, "first_step_apart_0.0001", two.fine());
        putStep(apart, "first_step_apart_0.01", two.coarse());
      }
    });
    TextFiles.write(file, Json.pretty(tree), "the numbers");
  }

  private static void putStep(ObjectNode apart, String name, OptionalLong step) {
    apart.set(name, JsonMapper.shared().valueToTree(step.isPresent() ? step.getAsLong() : null));
  }
}
