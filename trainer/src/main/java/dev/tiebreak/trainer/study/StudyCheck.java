package dev.tiebreak.trainer.study;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Sheet;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs;
import dev.tiebreak.trainer.lab.bench.BenchShape;
import dev.tiebreak.trainer.lab.bench.MatrixRate;
import dev.tiebreak.trainer.lab.bench.StepBench;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a plan costs and what it can show, and what is wrong with it, before anything is trained.
 */
public final class StudyCheck {
  private static final double GPU_GIGAFLOPS = 400_000;
  private static final double SHARE_OF_MATRIX_RATE = 0.7; // what a training step reaches of it
  private static final double MEASURABLE_FLOPS = 1e11; // a step that takes about a second
  private static final double[] RATES = {0.60, 0.575, 0.55};
  private static final int POWER_STUDIES =
      200; // enough for two digits' worth; study power has more

  private final Sheet sheet = new Sheet("%s  ", "  %-24s ", "%s");
  private final Study study;
  private final StudyPlan plan;
  private final int prompts;

  private StudyCheck(Study study) {
    this.study = study;
    this.plan = study.plan();
    this.prompts = study.promptTexts().all().size();
  }

  /**
   * Checks a plan.
   *
   * @param device that would train it; need not be there if it is a GPU
   * @param gigaflops sustained 10^9 operations per second of all trainings together; measured on
   *     the processor and assumed for a GPU where empty
   */
  public static Sheet of(Study study, Dataset data, Device device, Optional<Double> gigaflops) {
    gigaflops.ifPresent(rate -> Check.parameter(rate > 0, "rate", rate, "a number above 0"));
    StudyCheck check = new StudyCheck(study);
    StudyCosts costs = StudyCosts.of(check.plan, data.manifest().vocabulary(), device);
    check.sheet.head(check.plan.name(), check.plan.question());
    check.runs(costs);
    check.training(costs, device, gigaflops);
    check.judging();
    check.power();
    check.overlaps(data);
    return check.sheet;
  }

  private void runs(StudyCosts costs) {
    List<RunId> all = List.copyOf(costs.runs().keySet());
    sheet.head("Runs", all.size() + ", by the numbers of their tasks");
    int width = all.stream().mapToInt(run -> run.toString().length()).max().orElse(1);
    for (int number = 0; number < all.size(); number++) {
      Estimate run = costs.runs().get(all.get(number));
      sheet.line(
          Words.of(
              "  %3d  %-" + width + "s %14s tokens  %s",
              number,
              all.get(number),
              Quantities.count(run.tokens()),
              Quantities.flops(run.flops())));
    }
  }

  private void training(StudyCosts costs, Device device, Optional<Double> gigaflops) {
    Estimate run = costs.largest();
    TrainConfig config = plan.config(plan.runs().getFirst());
    Parallelism parallelism =
        Parallelism.usual(device, config.training()).atMost(plan.runs().size());
    long parameters = run.parameters().total();
    sheet.head("Training", "");
    sheet.part("parameters", Words.of("%,d", parameters));
    sheet.part("tokens per parameter", Quantities.round((double) run.tokens() / parameters));
    sheet.part("operations", Quantities.flops(costs.flops()) + " in all");
    double rate = gigaflops.orElseGet(() -> rate(config, run, parallelism));
    String origin =
        gigaflops.isPresent()
            ? "as given"
            : device.isGpu()
                ? "assumed; give a rate"
                : Words.of("measured, %d at once", parallelism.atOnce());
    sheet.part("rate", Words.of("%s GFLOP/s (%s)", Quantities.round(rate), origin));
    sheet.part("time", Quantities.hours(costs.hours(rate)));
    sheet.part("disk", Quantities.bytes(costs.diskBytes()) + " for checkpoints");
    long memory = run.memory().total() * parallelism.atOnce();
    sheet.part("memory", Quantities.bytes(memory) + (device.isGpu() ? " of the GPU" : ""));
    OptionalLong total = device.totalMemory();
    if (total.isPresent() && memory > total.getAsLong()) {
      sheet.warn(
          Words.of(
              "there are only %s of memory; lower training.batch and raise training.accumulation in [base]",
              Quantities.bytes(total.getAsLong())));
    }
    if (config.training().threads() == 0) {
      sheet.warn(
          "training.threads is 0, every processor: on another machine the same seed gives other bytes;"
              + " name a number in [base.training]");
    }
  }

  /** The rate of all trainings together, in 10^9 operations per second. */
  private static double rate(TrainConfig config, Estimate run, Parallelism parallelism) {
    if (parallelism.device().isGpu()) {
      return GPU_GIGAFLOPS;
    }
    BenchShape shape = new BenchShape("study", run.gpt(), config.training().batch());
    try (CpuBackend cpu = CpuBackend.create(parallelism.threads())) {
      double one =
          run.flopsPerToken() * shape.tokens() > MEASURABLE_FLOPS
              ? SHARE_OF_MATRIX_RATE * MatrixRate.gflops(cpu, shape, 0.1)
              : StepBench.run(cpu, shape, 2, 3).gflops();
      return one * parallelism.atOnce();
    }
  }

  private void judging() {
    long pairs = StudyCosts.pairs(plan, prompts);
    sheet.head("Judging", prompts + " prompts");
    for (Comparison comparison : plan.comparisons()) {
      judgments(comparison.name(), pairs);
    }
    judgments("all", pairs * plan.comparisons().size());
  }

  private void judgments(String label, long pairs) {
    long judgments = pairs * plan.judging().judgmentsPerPair();
    long judges = plan.judging().judges(pairs, prompts);
    sheet.part(label, Words.of("%,d pairs, %,d judgments, %,d judges", pairs, judgments, judges));
  }

  private void power() {
    int seeds = plan.seeds().size();
    StudyPower.Assumptions usual = StudyPower.Assumptions.usual().withStudies(POWER_STUDIES);
    StudyPower power = new StudyPower(study, usual);
    sheet.head("Power", Words.of("chance of the verdict \"%s\"", StudyPower.best(seeds)));
    StringBuilder head = new StringBuilder(Words.of("  %-34s", "true preference"));
    for (double rate : RATES) {
      head.append(Words.of("%8.1f %%", 100 * rate));
    }
    sheet.line(head.toString());
    for (double sd : usual.seedSds()) {
      StringBuilder row = new StringBuilder(Words.of("  if seeds differ by %.2f (SD)%8s", sd, ""));
      for (double rate : RATES) {
        row.append(Words.of("%10.2f", power.of(seeds, rate, sd).shown()));
      }
      sheet.line(row.toString());
    }
    sheet.line("  " + power.losses());
    if (seeds < SeedPairs.FEWEST_FOR_A_CLAIM) {
      sheet.line(
          Words.of(
              "  with %d seeds nothing can be claimed of other training runs; %d are the fewest",
              seeds, SeedPairs.FEWEST_FOR_A_CLAIM));
    }
  }

  private void overlaps(Dataset data) {
    int words = plan.prompts().overlapWords();
    for (PromptOverlap overlap : PromptOverlap.find(study.promptTexts(), words, data)) {
      sheet.warn(
          Words.of(
              "the prompt %s and the training text share \"%s\"; reword it, or a model may know it by heart",
              overlap.prompt().id(), overlap.words()));
    }
  }
}
