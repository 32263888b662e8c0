package dev.tiebreak.trainer.study.demo;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.TextChart;
import dev.tiebreak.trainer.evidence.document.Plain;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.results.Curves;
import dev.tiebreak.trainer.study.results.LossAnalysis;
import dev.tiebreak.trainer.study.results.LossReport;
import dev.tiebreak.trainer.study.results.RunResult;
import dev.tiebreak.trainer.study.results.StudyResults;
import dev.tiebreak.trainer.study.results.StudySummary;
import java.nio.file.Path;
import java.util.List;

/** What the demo says in the end, as plain text of at most 100 columns. */
public final class DemoReport {
  private static final int CHART_WIDTH = 64; // at most
  private static final int NARROWEST_CHART = 16;
  private static final int AXIS_WIDTH = 9;
  private static final int CHART_HEIGHT = 13;
  private static final int TEXT_WIDTH = 84; // at most
  private static final int NARROWEST_TEXT = 40;
  private static final int HASH_DIGITS = 12;

  private static final double TEMPERATURE = 0.6; // models this small ramble above it
  private static final double TOP_P = 0.95;
  private static final int TOKENS = 48;

  private DemoReport() {}

  /**
   * Lets twins of the first seed write, and writes samples, losses and summary into the study's
   * folder.
   *
   * @param study whose runs are complete
   * @param columns of the terminal
   * @return the whole report
   */
  public static String write(Study study, List<String> prompts, int columns) {
    long seed = study.plan().seeds().getFirst();
    List<PairedSamples> pairs =
        PairedSamples.write(
            study.folder().run(new RunId(Arms.BASELINE, seed)),
            study.folder().run(new RunId(Arms.BOTH, seed)),
            prompts,
            new Sampling(TEMPERATURE, 0, TOP_P, TOKENS, seed));
    PairedSamples.save(pairs, study.folder().path().resolve(PairedSamples.FILE));
    StudyResults results = StudyResults.read(study);
    LossAnalysis analysis = LossAnalysis.of(results);
    LossReport.write(analysis);
    StudySummary.write(results);
    return text(analysis, pairs, columns);
  }

  /**
   * The whole report.
   *
   * @param analysis of the study, with runs of the baseline and of {@code both}
   * @param pairs what the twins of the first seed wrote
   * @param columns of the terminal, for what should not be broken there: the chart and the samples
   */
  public static String text(LossAnalysis analysis, List<PairedSamples> pairs, int columns) {
    StudyResults results = analysis.results();
    int width = Math.clamp(columns, NARROWEST_TEXT, TEXT_WIDTH);
    StringBuilder text = new StringBuilder("\n");
    equality(text, results);
    chart(text, results, columns);
    samples(text, results, pairs, width);
    text.append('\n').append(LossReport.text(analysis));
    claims(text, results);
    where(text, results);
    return text.toString();
  }

  private static void equality(StringBuilder text, StudyResults results) {
    List<Long> seeds = results.plan().seeds();
    RunManifest any = results.run(Arms.BASELINE, seeds.getFirst()).orElseThrow().manifest();
    text.append(
        Words.of(
            "Twins started equal (SHA-256, the same in %d manifests; data %s):\n",
            results.plan().arms().size(), start(any.data().tokensHash())));
    for (long seed : seeds) {
      RunManifest run = results.run(Arms.BASELINE, seed).map(RunResult::manifest).orElseThrow();
      text.append(
          Words.of(
              "  seed %d: initial weights %s   data order %s\n",
              seed, start(run.initialWeightsHash()), start(run.dataOrderHash())));
    }
  }

  private static String start(String hash) {
    return hash.substring(0, HASH_DIGITS);
  }

  private static void chart(StringBuilder text, StudyResults results, int columns) {
    List<Arm> arms =
        results.plan().arms().stream()
            .filter(arm -> List.of(Arms.BASELINE, Arms.BOTH).contains(arm.name()))
            .toList();
    List<Curve> curves = Curves.losses(results, arms, 0);
    text.append("\nValidation loss, plain cross-entropy in nats per token, mean of the seeds:\n\n");
    new TextChart(Math.clamp(columns - AXIS_WIDTH, NARROWEST_CHART, CHART_WIDTH), CHART_HEIGHT)
        .draw(curves)
        .forEach(line -> text.append(line).append('\n'));
  }

  private static void samples(
      StringBuilder text, StudyResults results, List<PairedSamples> pairs, int width) {
    text.append(
        Words.of(
            "\nThe same prompts, the same random numbers, twins of seed %d:\n",
            results.plan().seeds().getFirst()));
    for (PairedSamples pair : pairs) {
      text.append('\n').append("  ").append(pair.prompt()).append(" ...\n");
      wrapped(text, "    baseline  ... ", pair.baseline(), width);
      wrapped(text, "    both      ... ", pair.both(), width);
    }
  }

  /** Models of bytes can write control characters, which must not reach a terminal. */
  private static void wrapped(StringBuilder text, String label, String sample, int width) {
    String printable = sample.strip().replaceAll("[\\p{Cc}&&\\S]", "\uFFFD");
    text.append(Plain.wrap(label, printable, width)).append('\n');
  }

  private static void claims(StringBuilder text, StudyResults results) {
    text.append(
        Words.of(
            """

            What this can claim: that everything works. %d seeds of models this small are no evidence of
            what readers prefer; a registered study of more seeds can be (tiebreak study --help).
            """,
            results.plan().seeds().size()));
  }

  private static void where(StringBuilder text, StudyResults results) {
    Path folder = results.study().folder().path();
    RunId both = new RunId(Arms.BOTH, results.plan().seeds().getFirst());
    String study = Shell.word(folder);
    String run = Shell.word(results.study().folder().run(both));
    text.append(
        Words.of(
            """

            Written to %s: study.toml, the plan; runs/, a folder for each arm and seed;
            summary.html, everything on a page; losses.json and %s.
            Next:
              tiebreak study verify %s
              tiebreak study pairs %s
              tiebreak generate --run %s --prompt "This class"
              tiebreak train --help
            """,
            folder, PairedSamples.FILE, study, study, run));
  }
}
