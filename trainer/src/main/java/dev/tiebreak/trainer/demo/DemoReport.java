package dev.tiebreak.trainer.demo;

import dev.tiebreak.trainer.Shell;
import dev.tiebreak.trainer.config.Arms;
import dev.tiebreak.trainer.train.RunManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the demo says in the end, as plain text of at most 100 columns. */
public final class DemoReport {
  private static final int CHART_WIDTH = 64; // at most
  private static final int NARROWEST_CHART = 16;
  private static final int AXIS_WIDTH = 9;
  private static final int CHART_HEIGHT = 13;
  private static final int TEXT_WIDTH = 84; // at most
  private static final int NARROWEST_TEXT = 40;
  private static final int HASH_DIGITS = 12;

  private DemoReport() {}

  /**
   * The whole report.
   *
   * @param columns of the terminal, for what should not be broken there: the chart and the samples
   */
  public static String text(Twins twins, List<PairedSamples> pairs, Path folder, int columns) {
    int width = Math.clamp(columns, NARROWEST_TEXT, TEXT_WIDTH);
    StringBuilder text = new StringBuilder("\n");
    equality(text, twins);
    text.append("\nValidation loss, plain cross-entropy in nats per token, for both:\n\n");
    new CurveChart(Math.clamp(columns - AXIS_WIDTH, NARROWEST_CHART, CHART_WIDTH), CHART_HEIGHT)
        .draw("baseline", twins.baseline().curve(), "both", twins.both().curve())
        .forEach(line -> text.append(line).append('\n'));
    difference(text, twins);
    samples(text, pairs, width);
    where(text, folder);
    return text.toString();
  }

  private static void equality(StringBuilder text, Twins twins) {
    RunManifest run = twins.baseline().manifest();
    text.append(
        """
        The twins started equal (SHA-256, the same in both manifests):
          initial weights %s   data %s   data order %s
        """
            .formatted(
                start(run.initialWeightsHash()),
                start(run.data().tokensHash()),
                start(run.dataOrderHash())));
  }

  private static String start(String hash) {
    return hash.substring(0, HASH_DIGITS);
  }

  private static void difference(StringBuilder text, Twins twins) {
    double difference = twins.difference();
    text.append(
        String.format(
            Locale.ROOT,
            """

            Final loss: baseline %.4f, both %.4f; both - baseline = %+.4f nats per token.
            %s
            %s
            One pair of one seed proves nothing: another seed alone moves the loss too.
            """,
            twins.baseline().summary().valLoss(),
            twins.both().summary().valLoss(),
            difference,
            meaning(difference),
            verdict(Math.abs(difference))));
  }

  /** A difference of mean log-probabilities is a ratio of (geometric) mean probabilities. */
  private static String meaning(double difference) {
    double percent = 100 * Math.abs(1 - Math.exp(-difference));
    if (percent < 0.05) {
      return "On average both give the right next token the same probability, to 0.1 %.";
    }
    return String.format(
        Locale.ROOT,
        "On average 'both' gives the right next token %.1f %% %s probability.",
        percent,
        difference > 0 ? "less" : "more");
  }

  private static String verdict(double size) {
    if (size <= 0.01) {
      return "The curves tie (within 0.01 nat).";
    }
    return size <= 0.05
        ? "The curves are close, though not within 0.01 nat."
        : "The curves do not tie.";
  }

  private static void samples(StringBuilder text, List<PairedSamples> pairs, int width) {
    text.append("\nThe same prompts, the same random numbers:\n");
    for (PairedSamples pair : pairs) {
      text.append('\n').append("  ").append(pair.prompt()).append(" ...\n");
      wrapped(text, "    baseline  ... ", pair.baseline(), width);
      wrapped(text, "    both      ... ", pair.both(), width);
    }
  }

  /**
   * The text on lines of limited width; every white space counts as a space. Models of bytes can
   * write control characters, which must not reach a terminal.
   */
  private static void wrapped(StringBuilder text, String label, String sample, int width) {
    String indent = " ".repeat(label.length());
    StringBuilder line = new StringBuilder(label);
    String printable = sample.strip().replaceAll("[\\p{Cc}&&\\S]", "\uFFFD");
    for (String word : printable.split("\\s+")) {
      if (line.length() + word.length() > width && line.length() > label.length()) {
        text.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(indent);
      }
      line.append(word).append(' ');
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static void where(StringBuilder text, Path folder) {
    text.append(
        """

        Written to %1$s: baseline/ and both/ (config.toml, manifest.json, metrics.jsonl, checkpoints,
        summary.json), %2$s and %3$s.
        Next:
          tiebreak generate --run %4$s --prompt "This class"   more text from a twin
          tiebreak demo --seed 2 --run runs/demo-2   another pair: how far do seeds move the loss?
          tiebreak train --help                      your own text, arms and sizes
        """
            .formatted(
                folder, PairedSamples.FILE, CurvePlot.FILE, Shell.word(folder.resolve(Arms.BOTH))));
  }
}
