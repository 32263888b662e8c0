package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.evidence.statistics.PowerSimulation;
import dev.tiebreak.trainer.lab.bench.BenchShape;
import dev.tiebreak.trainer.lab.bench.MatrixRate;
import dev.tiebreak.trainer.lab.bench.StepBench;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.config.TrainingConfig.Precision;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.study.PromptOverlap;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyCosts;
import dev.tiebreak.trainer.study.StudyPlan;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak study check}: what a plan will cost, and what it can show. */
@Command(
    name = "check",
    header = "Checks a plan; says what it costs and what it can show.",
    description = {
      "Checks everything that can be checked before training: the plan, the prompts, the text, memory;"
          + " and says what the study will cost and what it can show. Trains nothing."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study check my-study",
      "  tiebreak study check my-study --rate 400000 --device cuda    hours at 400 TFLOP/s"
    })
final class StudyCheckCommand implements Callable<Integer> {
  private static final double GPU_GIGAFLOPS = 400_000;
  private static final double SHARE_OF_MATRIX_RATE = 0.7; // what a training step reaches of it
  private static final double MEASURABLE_FLOPS = 1e11; // a step that takes about a second
  private static final int SIMULATIONS = 1000;
  private static final double[] RATES = {0.60, 0.575, 0.55};
  private static final double[] SEED_SDS = {0.03, 0.05};
  private static final double LOSS_DIFFERENCE = 0.004; // the published one

  @Mixin private StudyParameter parameter;

  @Option(
      names = "--rate",
      paramLabel = "<GFLOP/s>",
      description =
          "Sustained 10^9 operations per second of all trainings together (default: measured; 400,000"
              + " for a GPU, what an H100 may reach).")
  private Double rate;

  @Option(
      names = "--device",
      paramLabel = "<device>",
      defaultValue = "auto",
      description =
          "auto, cpu, cuda, cuda:<n>; a GPU need not be there (default: ${DEFAULT-VALUE}).")
  private String deviceName;

  @Mixin private CacheOption cacheOption;

  @Spec private CommandSpec spec;

  private Terminal terminal;
  private boolean sound = true;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    if (rate != null && !(rate > 0)) {
      throw new UserError("--rate is " + rate + "; it must be a number above 0");
    }
    Study study = parameter.open();
    try (Dataset data = study.data(cacheOption.folder(), status -> terminal.say(status + " ..."))) {
      show(study, data);
    }
    terminal.out().flush();
    return sound ? ExitCode.OK : ExitCode.FAILED;
  }

  private void show(Study study, Dataset data) {
    StudyPlan plan = study.plan();
    TrainConfig config = plan.config(plan.runs().getFirst());
    Device device = device(config);
    StudyCosts costs = StudyCosts.of(plan, data.manifest().vocabulary(), device);
    head(plan.name(), plan.question());
    runs(costs);
    training(plan, config, costs, device);
    judging(study);
    power(study);
    overlaps(study, data);
    String state =
        study.registration().isPresent()
            ? "registered; next: " + parameter.command("run")
            : "not registered; next: " + parameter.command("preregister");
    terminal.out().printf(Locale.ROOT, "%nThe plan is %s%n", state);
  }

  private Device device(TrainConfig config) {
    boolean needsGpu = config.training().precision() == Precision.BF16;
    String name = deviceName.equals("auto") && needsGpu ? "cuda" : deviceName;
    return Device.of(name);
  }

  private void runs(StudyCosts costs) {
    head("Runs", costs.runs().size() + ", numbered as --task does");
    List<RunId> all = List.copyOf(costs.runs().keySet());
    int width = all.stream().mapToInt(run -> run.toString().length()).max().orElse(1);
    for (int number = 0; number < all.size(); number++) {
      Estimate run = costs.runs().get(all.get(number));
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "  %3d  %-" + width + "s %14s tokens  %s%n",
              number,
              all.get(number),
              Figures.count(run.tokens()),
              Figures.flops(run.flops()));
    }
  }

  private void training(StudyPlan plan, TrainConfig config, StudyCosts costs, Device device) {
    Estimate run = costs.largest();
    head("Training", "");
    long parameters = run.parameters().total();
    part("parameters", Words.of("%,d", parameters));
    part("tokens per parameter", Figures.round((double) run.tokens() / parameters));
    part("operations", Figures.flops(costs.flops()) + " in all");
    int atOnce = atOnce(plan, config, device);
    String origin;
    double gigaflops;
    if (rate != null) {
      gigaflops = rate;
      origin = "as --rate says";
    } else if (device.isGpu()) {
      gigaflops = GPU_GIGAFLOPS;
      origin = "assumed; see --rate";
    } else {
      gigaflops = measured(config, run) * atOnce;
      origin = Words.of("measured, %d at once", atOnce);
    }
    part("rate", Words.of("%s GFLOP/s (%s)", Figures.round(gigaflops), origin));
    part("time", Figures.hours(costs.hours(gigaflops)));
    part("disk", Bytes.of(costs.diskBytes()) + " for checkpoints");
    long memory = run.memory().total() * atOnce;
    part("memory", Bytes.of(memory) + (device.isGpu() ? " of the GPU" : ""));
    OptionalLong available = MemoryCheck.available(device);
    if (available.isPresent() && memory > available.getAsLong()) {
      warn(
          Words.of(
              "there are only %s of memory; lower training.batch and raise training.accumulation in [base]",
              Bytes.of(available.getAsLong())));
    }
    if (config.training().threads() == 0) {
      warn(
          "training.threads is 0, every processor: on another machine the same seed gives other bytes;"
              + " name a number in [base.training]");
    }
  }

  private static int atOnce(StudyPlan plan, TrainConfig config, Device device) {
    int processors = Runtime.getRuntime().availableProcessors();
    int fitting = device.isGpu() ? 1 : processors / config.training().threadCount();
    return Math.clamp(fitting, 1, plan.runs().size());
  }

  /** The rate of one training with its number of threads, in 10^9 operations per second. */
  private static double measured(TrainConfig config, Estimate run) {
    BenchShape shape = new BenchShape("study", run.gpt(), config.training().batch());
    try (CpuBackend cpu = CpuBackend.create(config.training().threadCount())) {
      return run.flopsPerToken() * shape.tokens() > MEASURABLE_FLOPS
          ? SHARE_OF_MATRIX_RATE * MatrixRate.gflops(cpu, shape, 0.1)
          : StepBench.run(cpu, shape, 2, 3).gflops();
    }
  }

  private void judging(Study study) {
    StudyPlan plan = study.plan();
    int prompts = study.promptTexts().all().size();
    long pairs = StudyCosts.pairs(plan, prompts);
    head("Judging", prompts + " prompts");
    for (Comparison comparison : plan.comparisons()) {
      judgments(comparison.name(), plan, pairs, prompts);
    }
    judgments("all", plan, pairs * plan.comparisons().size(), prompts);
  }

  private void judgments(String label, StudyPlan plan, long pairs, int prompts) {
    long judgments = pairs * plan.judging().judgmentsPerPair();
    long judges = plan.judging().judges(pairs, prompts);
    part(label, Words.of("%,d pairs, %,d judgments, %,d judges", pairs, judgments, judges));
  }

  private void power(Study study) {
    StudyPlan plan = study.plan();
    int seeds = plan.seeds().size();
    if (seeds < 2) {
      head("Power", "none: one seed supports no claim about training");
      return;
    }
    head(
        "Power",
        Words.of("t-test over %d seeds, one comparison, alpha %s", seeds, plan.analysis().alpha()));
    terminal.out().printf(Locale.ROOT, "  %-34s", "true preference");
    for (double preference : RATES) {
      terminal.out().printf(Locale.ROOT, "%8.1f %%", 100 * preference);
    }
    terminal.out().println();
    for (double sd : SEED_SDS) {
      terminal.out().printf(Locale.ROOT, "  if seeds differ by %.2f (SD)%8s", sd, "");
      for (double preference : RATES) {
        terminal.out().printf(Locale.ROOT, "%10.2f", powerOf(study, preference, sd));
      }
      terminal.out().println();
    }
    double tie =
        PowerSimulation.ofTost(
            seeds,
            plan.analysis().lossMargin(),
            LOSS_DIFFERENCE,
            LOSS_DIFFERENCE,
            plan.analysis().alpha(),
            SIMULATIONS,
            1);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "  %.2f to show that losses tie, if they differ by %.3f (SD %.3f over seeds)%n",
            tie,
            LOSS_DIFFERENCE,
            LOSS_DIFFERENCE);
    if (seeds < 6) {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "  an exact test over %d seeds cannot give p below %s; six are the fewest for 0.05%n",
              seeds,
              Figures.round(2 / Math.pow(2, seeds)));
    }
  }

  private static double powerOf(Study study, double preference, double seedSd) {
    StudyPlan plan = study.plan();
    PowerSimulation.Design design =
        PowerSimulation.Design.usual(
            plan.seeds().size(),
            study.promptTexts().all().size(),
            plan.sampling().completions(),
            plan.judging().judgmentsPerPair(),
            preference,
            seedSd);
    return PowerSimulation.ofSeedTTest(design, plan.analysis().alpha(), SIMULATIONS, 1);
  }

  private void overlaps(Study study, Dataset data) {
    int words = study.plan().prompts().overlapWords();
    for (PromptOverlap overlap : PromptOverlap.find(study.promptTexts(), words, data)) {
      warn(
          Words.of(
              "the prompt %s and the training text share \"%s\"; reword it, or a model may know it by heart",
              overlap.prompt().id(), overlap.words()));
    }
  }

  private void warn(String text) {
    sound = false;
    terminal.out().println(terminal.styled(Style.YELLOW, "!") + " " + text);
  }

  private void head(String label, String value) {
    terminal.out().println((terminal.styled(Style.BOLD, label) + "  " + value).stripTrailing());
  }

  private void part(String label, String value) {
    terminal.out().printf(Locale.ROOT, "  %-24s %s%n", label, value);
  }
}
