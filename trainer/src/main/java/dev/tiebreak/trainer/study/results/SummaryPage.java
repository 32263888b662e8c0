package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.PairedTost;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.ModelConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.study.Registration;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** {@code summary.md}: what was run and what came out, without what judges say. */
final class SummaryPage {
  private static final int HASH_DIGITS = 12;

  private final StudyFolder folder;
  private final StudyResults results;
  private final LossAnalysis analysis;
  private final Set<String> figures;
  private final Markdown page = new Markdown();

  SummaryPage(LossAnalysis analysis, Set<String> figures) {
    this.results = analysis.results();
    this.folder = results.study().folder();
    this.analysis = analysis;
    this.figures = figures;
  }

  /** The whole page. */
  String text() {
    StudyPlan plan = results.plan();
    setting(plan);
    losses(plan);
    predictions();
    signal();
    texts();
    parting();
    blocks();
    reading();
    String question = plan.question().isEmpty() ? "" : "\n" + plan.question() + "\n";
    return Words.of("# %s\n%s%s", plan.name(), question, page);
  }

  private static String format(String format, Object... values) {
    return Words.of(format, values);
  }

  private void setting(StudyPlan plan) {
    page.heading("What was run");
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : plan.arms()) {
      List<RunResult> runs = results.runs(arm);
      rows.add(
          List.of(
              arm.name(),
              Words.of("%d of %d", runs.size(), plan.seeds().size()),
              runs.isEmpty() ? Numbers.NONE : format("%,d", runs.getFirst().summary().tokens()),
              runs.isEmpty() ? Numbers.NONE : format("%.2f", tokensPerParameter(runs.getFirst())),
              arm.about()));
    }
    page.table(List.of("arm", "seeds", "tokens", "tokens per parameter", "what it is"), rows);
    List<String> facts = new ArrayList<>();
    facts.add(registered());
    if (!results.missing().isEmpty()) {
      facts.add("**Not complete**: " + names(results.missing()) + ".");
    }
    facts.add(model());
    facts.add(distinct("Data: ", SummaryPage::data));
    facts.add(distinct("Code: ", SummaryPage::code));
    facts.add(distinct("Machine: ", SummaryPage::machine));
    facts.add(
        format(
            "Training took %.2f hours in all.",
            results.runs().values().stream().mapToDouble(r -> r.summary().timing().seconds()).sum()
                / 3600));
    page.list(facts);
  }

  private String registered() {
    String exploratory =
        "**Exploratory**: runs were begun before the plan was registered, so nothing here was fixed"
            + " before it was known.";
    List<Registration.Entry> entries =
        results.study().registration().map(Registration::entries).orElse(List.of());
    if (entries.isEmpty()) {
      return exploratory;
    }
    String amendments =
        entries.stream()
            .skip(1)
            .map(entry -> Words.of("; amended %s: %s", entry.time(), entry.reason()))
            .collect(Collectors.joining());
    String early = results.study().isExploratory() ? " " + exploratory : "";
    return Words.of(
        "Plan registered %s%s. `tiebreak study verify` compares what was run with it.%s",
        entries.getFirst().time(), amendments, early);
  }

  private static double tokensPerParameter(RunResult run) {
    return (double) run.summary().tokens() / run.summary().parameters();
  }

  private static String names(List<RunId> runs) {
    return runs.stream().map(RunId::toString).collect(Collectors.joining(", "));
  }

  private String model() {
    RunId any = results.runs().keySet().iterator().next();
    TrainConfig config = results.plan().config(any);
    ModelConfig model = config.model();
    return format(
        "Model: %,d parameters; %d layers, %d heads, %d channels, %d tokens a sequence.",
        results.runs().get(any).summary().parameters(),
        model.layers(),
        model.heads(),
        model.channels(),
        model.sequenceLength());
  }

  private String distinct(String name, Function<RunManifest, String> words) {
    return results.runs().values().stream()
        .map(run -> words.apply(run.manifest()))
        .distinct()
        .collect(Collectors.joining("; also ", name, "."));
  }

  /** Of a path only its last part: the page must be the same wherever the text lay. */
  private static String data(RunManifest manifest) {
    RunManifest.Data data = manifest.data();
    String sources =
        data.sources().stream()
            .map(source -> source.substring(source.replace('\\', '/').lastIndexOf('/') + 1))
            .collect(Collectors.joining(", "));
    return format(
        "%s; %s; %,d tokens to train on, %,d for validation; SHA-256 of the tokens %s",
        sources,
        data.tokenizer(),
        data.trainTokens(),
        data.validationTokens(),
        start(data.tokensHash()));
  }

  private static String code(RunManifest manifest) {
    return Words.of(
        "version %s, SHA-256 of the classes %s",
        manifest.code().version(), start(manifest.code().sha256()));
  }

  /** Without the path of a library, which says nothing elsewhere. */
  private static String machine(RunManifest manifest) {
    RunManifest.Machine machine = manifest.machine();
    return Words.of(
        "%s, Java %s, %s",
        machine.backend().replaceAll(", ([A-Za-z]:)?[/\\\\][^,]*", ""),
        machine.java(),
        machine.system());
  }

  private static String start(String hash) {
    return hash.substring(0, Math.min(HASH_DIGITS, hash.length()));
  }

  private void losses(StudyPlan plan) {
    String margin = Double.toString(plan.analysis().lossMargin());
    page.heading("Validation loss");
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : plan.arms()) {
      double[] losses = results.runs(arm).stream().mapToDouble(RunResult::loss).toArray();
      List<String> row =
          new ArrayList<>(
              List.of(arm.name(), Integer.toString(losses.length), Quantity.cell(losses, 4)));
      row.addAll(
          analysis.arm(arm.name()).map(SummaryPage::comparison).orElse(List.of("", "", "", "")));
      rows.add(row);
    }
    String level = format("%.0f %% interval", 100 * (1 - 2 * plan.analysis().alpha()));
    page.table(
        List.of("arm", "seeds", "loss", "less the baseline's", level, "p of a tie", "verdict"),
        rows);
    page.paragraph(
        Words.of(
            "Plain cross-entropy in nats per token, mean ± SD of the seeds; differences are paired by"
                + " seed. A tie is shown if two one-sided t-tests reject a difference of %s or more,"
                + " which is so if the interval lies within ±%s.",
            margin, margin));
    page.list(LossReport.claims(analysis));
    figure("Differences from the baseline", "losses.svg");
    figure("Validation curves", "curves.svg");
    figure("Differences from the baseline over the training", "differences.svg");
  }

  private static List<String> comparison(ArmLosses arm) {
    PairedTost tost = arm.tost();
    return List.of(
        Numbers.signed(tost.sample().mean(), 4),
        LossReport.interval(tost.equivalenceInterval()),
        Numbers.p(tost.p()),
        tost.verdict().toString());
  }

  private void figure(String text, String file) {
    if (figures.contains(file)) {
      page.figure(text, folder.figures().getFileName() + "/" + file);
    }
  }

  private void predictions() {
    if (results.runs().values().stream().noneMatch(run -> run.examination().isPresent())) {
      return;
    }
    page.heading("What the models predict");
    table(Quantity.PREDICTIONS);
    page.paragraph(
        "On the validation tokens, mean ± SD of the seeds. Dividing the logits by T* gives the"
            + " lowest loss. Entropy is in nats per token; ECE is the expected calibration error of"
            + " the likeliest token.");
    figure("T* of each arm", "temperature.svg");
    figure("Differences by the frequency of the token", "deciles-frequency.svg");
    figure("Differences by the difficulty of the token", "deciles-difficulty.svg");
  }

  private void signal() {
    page.heading("How the training signal was shaped");
    table(Quantity.SIGNAL);
    page.paragraph(
        "Means over the second half of the training, mean ± SD of the seeds. Effective share: Kish's"
            + " effective sample size of the token weights over the number of tokens. Clip"
            + " coefficient: 1 where the gradient is not clipped. A gradient cosine, where it was"
            + " measured, is that between the shaped and the plain gradient.");
    figure("Distribution of the token weights", "weights.svg");
    figure("Spread of the token weights", "weight-sd.svg");
    figure("Effective sample size of the token weights", "weight-effective.svg");
    figure("Share of negative token weights", "weight-negative.svg");
  }

  /** A row for each arm; columns that no run has a number for are left out. */
  private void table(List<Quantity> quantities) {
    List<Quantity> known =
        quantities.stream()
            .filter(quantity ->
                results.runs().values().stream()
                    .anyMatch(run -> Double.isFinite(quantity.of().applyAsDouble(run))))
            .toList();
    List<String> headings = new ArrayList<>(List.of("arm"));
    known.forEach(quantity -> headings.add(quantity.heading()));
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      List<String> row = new ArrayList<>(List.of(arm.name()));
      known.forEach(quantity -> row.add(quantity.cell(results.runs(arm))));
      rows.add(row);
    }
    page.table(headings, rows);
  }

  private void texts() {
    List<List<String>> rows = TextTable.rows(results);
    if (!rows.isEmpty()) {
      page.heading("What the texts are like");
      page.table(TextTable.headings(), rows);
      page.paragraph(
          "Means over the texts of all seeds. seq-rep-4: share of repeated 4-grams of tokens;"
              + " distinct-n: share of n-grams that are different; ended: by the model itself; in a"
              + " loop: the end repeats itself.");
    }
  }

  private void parting() {
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : results.treatments()) {
      for (RunResult run : results.runs(arm)) {
        results
            .run(results.baseline().name(), run.id().seed())
            .ifPresent(twin -> rows.add(parting(run, twin)));
      }
    }
    List<String> headings = new ArrayList<>(List.of("run"));
    Arrays.stream(Parting.LIMITS)
        .forEach(limit -> headings.add(limit == 0 ? "at all" : format("by %.1f %%", 100 * limit)));
    page.heading("When twins part");
    page.table(headings, rows);
    page.paragraph(
        "The first logged step at which the training loss differs from that of the baseline with the"
            + " same seed. Twins begin with equal weights and see equal data; their ways are not"
            + " equal.");
  }

  private static List<String> parting(RunResult run, RunResult twin) {
    List<String> row = new ArrayList<>(List.of(run.id().toString()));
    DoubleStream.of(Parting.LIMITS)
        .mapToObj(limit -> Parting.step(run, twin, limit))
        .forEach(step -> row.add(step.isPresent() ? format("%,d", step.getAsLong()) : "never"));
    return row;
  }

  private void blocks() {
    boolean any = figures.stream().anyMatch(file -> file.startsWith("blocks-"));
    if (any) {
      page.heading("How the blocks were scaled");
      for (Arm arm : results.plan().arms()) {
        figure("d of each block, " + arm, Words.of("blocks-%s-d.svg", arm));
        figure("f of each block, " + arm, Words.of("blocks-%s-f.svg", arm));
      }
    }
  }

  private void reading() {
    page.heading("How to read this");
    Path table = SummaryFiles.table(folder).getFileName();
    page.paragraph(
        Words.of(
            "The unit is the training run: seeds, not tokens, say whether another training would give"
                + " the same. Verdicts are *equivalent* (a tie is shown), *different*, *inconclusive*"
                + " (neither is shown) and *cannot be shown* (one seed). Every number of every run is"
                + " in `%s`. This page does not say what readers prefer.",
            table));
  }
}
