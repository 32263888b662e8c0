package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.statistics.PowerSimulation;
import dev.tiebreak.trainer.evidence.statistics.PowerSimulation.Design;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak study power}: what the planned votes could show. */
@Command(
    name = "power",
    description = {
      "Simulates the study's design, many times, from an assumed truth: its seeds, prompts, completions"
          + " and judgments, with prompts, judges and seeds that differ. Prints how often each test"
          + " would find the preference, and writes power.csv and power.svg into the study's folder."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study power my-study",
      "  tiebreak study power my-study --seed-sd=0.08 --studies=4000"
    })
final class StudyPowerCommand implements Callable<Integer> {
  private static final double[] RATES = {0.50, 0.55, 0.575, 0.60, 0.65};
  private static final int MOST_SEEDS = 10;

  @Mixin private StudyParameter parameter;

  @Option(
      names = "--seed-sd",
      paramLabel = "<sd>",
      split = ",",
      defaultValue = "0.03,0.05",
      description = "Between pairs of models, of the rate (default: ${DEFAULT-VALUE}).")
  private List<Double> seedSds;

  @Option(
      names = "--prompt-sd",
      paramLabel = "<sd>",
      defaultValue = "0.24",
      description = "Between prompts and completions (default: ${DEFAULT-VALUE}).")
  private double promptSd;

  @Option(
      names = "--prompt-share",
      paramLabel = "<share>",
      defaultValue = "0.4",
      description =
          "Of that variance that belongs to the prompt, not to its completions (default:"
              + " ${DEFAULT-VALUE}).")
  private double promptShare;

  @Option(
      names = "--judge-sd",
      paramLabel = "<sd>",
      defaultValue = "0.06",
      description = "Between judges (default: ${DEFAULT-VALUE}).")
  private double judgeSd;

  @Option(
      names = "--decisive",
      paramLabel = "<share>",
      defaultValue = "0.66",
      description = "Of judgments that are not ties (default: ${DEFAULT-VALUE}).")
  private double decisive;

  @Option(
      names = "--studies",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "How many to draw for each number (default: ${DEFAULT-VALUE}).")
  private int studies;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "Of the random numbers (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Spec private CommandSpec spec;

  private Terminal terminal;
  private Study study;
  private final StringBuilder csv =
      new StringBuilder("test,seeds,rate,seed_sd,prompt_sd,judge_sd,decisive,studies,power\n");

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    check();
    study = parameter.open();
    StudyPlan plan = study.plan();
    int seeds = plan.seeds().size();
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%d seed pairs, %d prompts, %d completions of each, %d judgments of each pair; alpha %s%n",
            seeds,
            study.promptTexts().all().size(),
            plan.sampling().completions(),
            plan.judging().judgmentsPerPair(),
            plan.analysis().alpha());
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "Assumed: SD %s between prompts and completions, %s between judges; %s decisive; seed %d%n%n",
            promptSd,
            judgeSd,
            decisive,
            seed);
    table(seeds);
    List<LinePlot.Curve> curves = curves();
    Path folder = study.folder().path();
    write(folder.resolve("power.csv"), csv.toString());
    write(
        folder.resolve("power.svg"),
        new LinePlot("Power of the t-test over seed pairs", "pairs of models", curves, List.of(0.8))
            .svg());
    terminal.out().printf(Locale.ROOT, "%nWritten to %s: power.csv, power.svg%n", folder);
    terminal.out().flush();
    return ExitCode.OK;
  }

  private void check() {
    share("--prompt-share", promptShare);
    share("--decisive", decisive);
    sd("--prompt-sd", promptSd);
    sd("--judge-sd", judgeSd);
    seedSds.forEach(one -> sd("--seed-sd", one));
    if (studies < 100 || studies > 1_000_000) {
      throw new UserError("--studies is " + studies + "; it must be from 100 to 1,000,000");
    }
  }

  private static void share(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new UserError(option + " is " + value + "; it must be a number from 0 to 1");
    }
  }

  private static void sd(String option, double value) {
    if (!(value >= 0 && value < 0.5)) {
      throw new UserError(option + " is " + value + "; it must be from 0 to less than 0.5");
    }
  }

  private Design design(int seeds, double rate, double seedSd) {
    StudyPlan plan = study.plan();
    int prompts = study.promptTexts().all().size();
    return new Design(
        seeds,
        prompts,
        plan.sampling().completions(),
        plan.judging().judgmentsPerPair(),
        Math.min(plan.judging().itemsPerJudge(), prompts),
        decisive,
        rate,
        seedSd,
        promptSd,
        promptShare,
        judgeSd);
  }

  private void table(int seeds) {
    terminal.out().printf(Locale.ROOT, "%-46s", "true preference");
    for (double rate : RATES) {
      terminal.out().printf(Locale.ROOT, "%8.1f %%", 100 * rate);
    }
    terminal.out().println();
    for (double sd : seedSds) {
      terminal.say(Words.of("simulating seeds that differ by %s (SD) ...", sd));
      if (seeds > 1) {
        row(Words.of("t over seed pairs, which differ by %s", sd), "seed_t", seeds, sd);
      }
      row(Words.of("judges x prompts x seeds, %s", sd), "cluster", seeds, sd);
    }
    terminal
        .out()
        .println("At 50 % there is nothing to find: that column is the rate of false alarms.");
    if (seeds < 2) {
      terminal.out().println("One pair of models supports no claim about training.");
    }
  }

  private void row(String name, String test, int seeds, double sd) {
    terminal.out().printf(Locale.ROOT, "%-46s", name);
    for (double rate : RATES) {
      terminal.out().printf(Locale.ROOT, "%10.2f", power(test, seeds, rate, sd));
    }
    terminal.out().println();
  }

  private double power(String test, int seeds, double rate, double sd) {
    Design design = design(seeds, rate, sd);
    double alpha = study.plan().analysis().alpha();
    double power =
        test.equals("seed_t")
            ? PowerSimulation.ofSeedTTest(design, alpha, studies, seed)
            : PowerSimulation.ofClusterTest(design, alpha, studies, seed);
    csv.append(
        Words.of(
            "%s,%d,%s,%s,%s,%s,%s,%d,%s\n",
            test, seeds, rate, sd, promptSd, judgeSd, decisive, studies, power));
    return power;
  }

  private List<LinePlot.Curve> curves() {
    List<LinePlot.Curve> curves = new ArrayList<>();
    for (double sd : seedSds) {
      for (double rate : new double[] {0.60, 0.575, 0.55}) {
        terminal.say(Words.of("simulating 2 to %d seed pairs at %s ...", MOST_SEEDS, rate));
        List<LinePlot.Value> values = new ArrayList<>();
        for (int seeds = 2; seeds <= MOST_SEEDS; seeds++) {
          values.add(new LinePlot.Value(seeds, power("seed_t", seeds, rate, sd)));
        }
        String name = Words.of("%.1f %%, SD %s", 100 * rate, sd);
        curves.add(new LinePlot.Curve(name, Palette.kind(curves.size()), values));
      }
    }
    return curves;
  }

  private static void write(Path file, String text) {
    try {
      AtomicFiles.writeString(file, text);
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }
}
